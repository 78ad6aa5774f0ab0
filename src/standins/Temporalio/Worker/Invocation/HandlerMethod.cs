using System.Reflection;
using Temporalio.Api.Common.V1;
using Temporalio.Converters;

namespace Temporalio.Worker.Invocation;

/// <summary>A method that handles messages to a workflow: one of the workflow object, or a delegate with its own target.</summary>
sealed class HandlerMethod
{
    readonly object? _target;
    readonly bool _bound;
    readonly bool _dynamic;
    readonly ParameterInfo[] _parameters;

    public HandlerMethod(MethodInfo method, object? target, bool bound, bool dynamic, string kind)
    {
        Method = method;
        _target = target;
        _bound = bound;
        _dynamic = dynamic;
        _parameters = method.GetParameters();
        if (dynamic
            && (_parameters.Length != 2 || _parameters[0].ParameterType != typeof(string)
                || _parameters[1].ParameterType != typeof(IRawValue[])))
        {
            throw new ArgumentException(
                $"{MemberNames.Of(method)} handles any {kind} and must take exactly two parameters: string and IRawValue[].");
        }
    }

    public MethodInfo Method { get; }

    /// <summary>Arguments of a message of this name.</summary>
    public object?[] Bind(IPayloadConverter converter, string name, IReadOnlyList<Payload> payloads) =>
        _dynamic ? [name, ArgumentBinding.Raw(payloads)] : ArgumentBinding.Bind(converter, _parameters, payloads, $"'{name}'");

    /// <summary>Calls the method, on the workflow object unless it is a delegate.</summary>
    public object? Invoke(object instance, object?[] arguments) => AnyTask.Invoke(Method, _bound ? _target : instance, arguments);
}
