using System.Reflection;
using Temporalio.Converters;
using Temporalio.Worker.Invocation;

namespace Temporalio.Workflows;

/// <summary>A signal handler.</summary>
public class WorkflowSignalDefinition
{
    WorkflowSignalDefinition(
        string? name, string? description, MethodInfo method, object? target, bool bound, HandlerUnfinishedPolicy unfinishedPolicy)
    {
        if (!typeof(Task).IsAssignableFrom(method.ReturnType))
            throw new ArgumentException($"{MemberNames.Of(method)} must return Task to handle a signal.");

        Name = name;
        Description = description;
        UnfinishedPolicy = unfinishedPolicy;
        Handler = new(method, target, bound, name is null, "signal");
    }

    /// <summary>Name; null when dynamic.</summary>
    public string? Name { get; }

    /// <summary>What people read about it.</summary>
    public string? Description { get; }

    /// <summary>Whether it receives every signal without a handler.</summary>
    public bool Dynamic => Name is null;

    internal HandlerUnfinishedPolicy UnfinishedPolicy { get; }

    internal HandlerMethod Handler { get; }

    /// <summary>A definition from a method that has the attribute.</summary>
    public static WorkflowSignalDefinition FromMethod(MethodInfo method)
    {
        var attribute = method.GetCustomAttribute<WorkflowSignalAttribute>()
            ?? throw new ArgumentException($"{MemberNames.Of(method)} has no [WorkflowSignal] attribute.");
        return new(
            attribute.Dynamic ? null : attribute.Name ?? MemberNames.Method(method),
            attribute.Description,
            method,
            target: null,
            bound: false,
            attribute.UnfinishedPolicy);
    }

    /// <summary>A definition from a delegate, for <see cref="Workflow.Signals"/> or <see cref="Workflow.DynamicSignal"/>.</summary>
    public static WorkflowSignalDefinition CreateWithoutAttribute(
        string? name,
        Delegate del,
        HandlerUnfinishedPolicy unfinishedPolicy = HandlerUnfinishedPolicy.WarnAndAbandon,
        string? description = null) =>
        new(name, description, del.Method, del.Target, bound: true, unfinishedPolicy);
}
