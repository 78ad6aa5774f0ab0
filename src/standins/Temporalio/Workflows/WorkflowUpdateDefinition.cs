using System.Reflection;
using Temporalio.Worker.Invocation;

namespace Temporalio.Workflows;

/// <summary>An update handler with its validator.</summary>
public class WorkflowUpdateDefinition
{
    WorkflowUpdateDefinition(
        string? name,
        string? description,
        HandlerMethod handler,
        HandlerMethod? validator,
        HandlerUnfinishedPolicy unfinishedPolicy)
    {
        var method = handler.Method;
        if (!typeof(Task).IsAssignableFrom(method.ReturnType))
            throw new ArgumentException($"{MemberNames.Of(method)} must return Task or Task<T> to handle an update.");
        if (validator is { } check)
            RequireMatching(check.Method, method);

        Name = name;
        Description = description;
        Handler = handler;
        Validator = validator;
        UnfinishedPolicy = unfinishedPolicy;
    }

    /// <summary>Name; null when dynamic.</summary>
    public string? Name { get; }

    /// <summary>What people read about it.</summary>
    public string? Description { get; }

    /// <summary>Whether it receives every update without a handler.</summary>
    public bool Dynamic => Name is null;

    internal HandlerUnfinishedPolicy UnfinishedPolicy { get; }

    internal HandlerMethod Handler { get; }

    internal HandlerMethod? Validator { get; }

    /// <summary>A definition from a method that has the attribute, and a validator that names it.</summary>
    public static WorkflowUpdateDefinition FromMethod(MethodInfo method, MethodInfo? validatorMethod = null)
    {
        var attribute = method.GetCustomAttribute<WorkflowUpdateAttribute>()
            ?? throw new ArgumentException($"{MemberNames.Of(method)} has no [WorkflowUpdate] attribute.");
        var name = attribute.Dynamic ? null : attribute.Name ?? MemberNames.Method(method);
        return new(
            name,
            attribute.Description,
            new(method, target: null, bound: false, name is null, "update"),
            validatorMethod is null ? null : new(validatorMethod, target: null, bound: false, name is null, "update"),
            attribute.UnfinishedPolicy);
    }

    /// <summary>A definition from delegates, for <see cref="Workflow.Updates"/> or <see cref="Workflow.DynamicUpdate"/>.</summary>
    public static WorkflowUpdateDefinition CreateWithoutAttribute(
        string? name,
        Delegate del,
        Delegate? validatorDel = null,
        HandlerUnfinishedPolicy unfinishedPolicy = HandlerUnfinishedPolicy.WarnAndAbandon,
        string? description = null) =>
        new(
            name,
            description,
            new(del.Method, del.Target, bound: true, name is null, "update"),
            validatorDel is null ? null : new(validatorDel.Method, validatorDel.Target, bound: true, name is null, "update"),
            unfinishedPolicy);

    static void RequireMatching(MethodInfo validator, MethodInfo method)
    {
        if (validator.ReturnType != typeof(void))
            throw new ArgumentException($"{MemberNames.Of(validator)} validates an update and must return void; it refuses by throwing.");

        var expected = method.GetParameters().Select(parameter => parameter.ParameterType);
        if (!validator.GetParameters().Select(parameter => parameter.ParameterType).SequenceEqual(expected))
            throw new ArgumentException(
                $"{MemberNames.Of(validator)} must have the same parameters as {MemberNames.Of(method)}, which it validates.");
    }
}
