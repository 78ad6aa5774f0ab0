using System.Reflection;
using Temporalio.Api.Common.V1;
using Temporalio.Converters;

namespace Temporalio.Worker.Invocation;

/// <summary>Turns payloads into the arguments of a method.</summary>
static class ArgumentBinding
{
    /// <summary>
    /// One value for each parameter. Payloads beyond the parameters are ignored, so that callers may be newer than the method;
    /// missing ones take the parameter's default.
    /// </summary>
    public static object?[] Bind(
        IPayloadConverter converter, ParameterInfo[] parameters, IReadOnlyList<Payload> payloads, string what)
    {
        var values = new object?[parameters.Length];
        for (var i = 0; i < values.Length; i++)
        {
            var parameter = parameters[i];
            if (i < payloads.Count)
                values[i] = Convert(converter, payloads[i], parameter.ParameterType, what, i);
            else if (parameter.HasDefaultValue)
                values[i] = parameter.DefaultValue;
            else
                throw new ArgumentException($"{what} was given {payloads.Count} arguments, but parameter '{parameter.Name}' is required.");
        }

        return values;
    }

    /// <summary>
    /// As <see cref="Bind(IPayloadConverter, ParameterInfo[], IReadOnlyList{Payload}, string)"/> where only types are known.
    /// </summary>
    public static object?[] Bind(
        IPayloadConverter converter, IReadOnlyList<Type> types, int required, IReadOnlyList<Payload> payloads, string what)
    {
        if (payloads.Count < required)
            throw new ArgumentException($"{what} was given {payloads.Count} arguments, but needs {required}.");

        var values = new object?[Math.Min(types.Count, Math.Max(payloads.Count, required))];
        for (var i = 0; i < values.Length; i++)
            values[i] = Convert(converter, payloads[i], types[i], what, i);
        return values;
    }

    /// <summary>The arguments as they came, for dynamic handlers.</summary>
    public static IRawValue[] Raw(IReadOnlyList<Payload> payloads)
    {
        var values = new IRawValue[payloads.Count];
        for (var i = 0; i < values.Length; i++)
            values[i] = new RawValue(payloads[i]);
        return values;
    }

    static object? Convert(IPayloadConverter converter, Payload payload, Type type, string what, int index)
    {
        if (type == typeof(IRawValue))
            return new RawValue(payload);

        try
        {
            return converter.ToValue(payload, type);
        }
        catch (Exception problem)
        {
            throw new ArgumentException($"Argument {index + 1} of {what} cannot be read as {type}: {problem.Message}", problem);
        }
    }
}
