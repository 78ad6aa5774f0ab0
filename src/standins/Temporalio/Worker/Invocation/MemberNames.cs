using System.Reflection;
using Temporalio.Activities;
using Temporalio.Workflows;

namespace Temporalio.Worker.Invocation;

/// <summary>The names that methods and types have in histories.</summary>
static class MemberNames
{
    const string AsyncSuffix = "Async";

    public static string Method(MethodInfo method) =>
        typeof(Task).IsAssignableFrom(method.ReturnType)
        && method.Name.Length > AsyncSuffix.Length
        && method.Name.EndsWith(AsyncSuffix, StringComparison.Ordinal)
            ? method.Name[..^AsyncSuffix.Length]
            : method.Name;

    public static string Activity(MethodInfo method)
    {
        var attribute = method.GetCustomAttribute<ActivityAttribute>()
            ?? throw new ArgumentException($"{Of(method)} has no [Activity] attribute; add it or call the activity by name.");
        if (attribute.Dynamic)
            throw new ArgumentException($"{Of(method)} is a dynamic activity, which has no name of its own; call it by name.");
        return attribute.Name ?? Method(method);
    }

    public static string Workflow(Type type)
    {
        var attribute = type.GetCustomAttribute<WorkflowAttribute>(inherit: false)
            ?? throw new ArgumentException($"{type} has no [Workflow] attribute; add it or name the workflow.");
        if (attribute.Dynamic)
            throw new ArgumentException($"{type} is a dynamic workflow, which has no name of its own; name the workflow.");
        return attribute.Name ?? DefaultWorkflow(type);
    }

    public static string DefaultWorkflow(Type type) =>
        type.IsInterface && type.Name is ['I', var second, ..] && char.IsUpper(second) ? type.Name[1..] : type.Name;

    public static string Signal(MethodInfo method)
    {
        var attribute = method.GetCustomAttribute<WorkflowSignalAttribute>()
            ?? throw new ArgumentException($"{Of(method)} has no [WorkflowSignal] attribute; add it or send the signal by name.");
        if (attribute.Dynamic)
            throw new ArgumentException(
                $"{Of(method)} is a dynamic signal handler, which has no name of its own; send the signal by name.");
        return attribute.Name ?? Method(method);
    }

    public static void RequireRunMethod(MethodInfo method)
    {
        if (method.GetCustomAttribute<WorkflowRunAttribute>() is null)
            throw new ArgumentException($"{Of(method)} has no [WorkflowRun] attribute, so it does not start a workflow.");
    }

    public static string Of(MemberInfo member) => $"{member.DeclaringType?.FullName}.{member.Name}";
}
