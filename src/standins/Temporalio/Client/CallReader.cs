using System.Collections.Concurrent;
using System.Linq.Expressions;
using System.Reflection;
using Temporalio.Worker.Invocation;
using Temporalio.Workflows;

namespace Temporalio.Client;

/// <summary>Reads calls written as lambdas into the name and the arguments that are sent. Names are looked up once.</summary>
static class CallReader
{
    static readonly ConcurrentDictionary<MemberInfo, string> Names = new();

    public static (string Name, object?[] Args) Workflow(LambdaExpression call) => Read(call, static method =>
    {
        MemberNames.RequireRunMethod(method);
        return MemberNames.Workflow(method.DeclaringType!);
    });

    public static (string Name, object?[] Args) Signal(LambdaExpression call) => Read(call, MemberNames.Signal);

    public static (string Name, object?[] Args) Update(LambdaExpression call) => Read(call, static method =>
        WorkflowUpdateDefinition.FromMethod(method).Name ?? throw Dynamic(method, "update"));

    public static (string Name, object?[] Args) Query(LambdaExpression call)
    {
        if (call.Body is MemberExpression { Member: PropertyInfo property, Expression: ParameterExpression })
        {
            return (Names.GetOrAdd(property, static member =>
                WorkflowQueryDefinition.FromProperty((PropertyInfo)member).Name ?? throw Dynamic(member, "query")), []);
        }

        return Read(call, static method =>
            WorkflowQueryDefinition.FromMethod(method).Name ?? throw Dynamic(method, "query"));
    }

    static (string Name, object?[] Args) Read(LambdaExpression call, Func<MethodInfo, string> nameOf)
    {
        var (method, args) = CallExpression.Read(call);
        if (!Names.TryGetValue(method, out var name))
            name = Names.GetOrAdd(method, nameOf(method));
        return (name, args);
    }

    static ArgumentException Dynamic(MemberInfo member, string kind) =>
        new($"{MemberNames.Of(member)} is a dynamic {kind} handler, which has no name of its own; send the {kind} by name.");
}
