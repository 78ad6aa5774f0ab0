using System.Reflection;
using Temporalio.Worker.Invocation;

namespace Temporalio.Workflows;

/// <summary>A query handler.</summary>
public class WorkflowQueryDefinition
{
    WorkflowQueryDefinition(string? name, string? description, MethodInfo method, object? target, bool bound)
    {
        if (method.ReturnType == typeof(void) || typeof(Task).IsAssignableFrom(method.ReturnType))
            throw new ArgumentException(
                $"{MemberNames.Of(method)} must return a value at once to answer a query, neither void nor a Task.");

        Name = name;
        Description = description;
        Handler = new(method, target, bound, name is null, "query");
    }

    /// <summary>Name; null when dynamic.</summary>
    public string? Name { get; }

    /// <summary>What people read about it.</summary>
    public string? Description { get; }

    /// <summary>Whether it answers every query without a handler.</summary>
    public bool Dynamic => Name is null;

    internal HandlerMethod Handler { get; }

    /// <summary>A definition from a method that has the attribute.</summary>
    public static WorkflowQueryDefinition FromMethod(MethodInfo method)
    {
        var attribute = method.GetCustomAttribute<WorkflowQueryAttribute>()
            ?? throw new ArgumentException($"{MemberNames.Of(method)} has no [WorkflowQuery] attribute.");
        return new(
            attribute.Dynamic ? null : attribute.Name ?? MemberNames.Method(method), attribute.Description, method, target: null,
            bound: false);
    }

    /// <summary>A definition from a property that has the attribute.</summary>
    public static WorkflowQueryDefinition FromProperty(PropertyInfo property)
    {
        var attribute = property.GetCustomAttribute<WorkflowQueryAttribute>()
            ?? throw new ArgumentException($"{MemberNames.Of(property)} has no [WorkflowQuery] attribute.");
        if (attribute.Dynamic)
            throw new ArgumentException($"{MemberNames.Of(property)} is a property, which cannot answer queries by name; use a method.");

        var getter = property.GetGetMethod(nonPublic: true)
            ?? throw new ArgumentException($"{MemberNames.Of(property)} has no getter to answer the query with.");
        return new(attribute.Name ?? property.Name, attribute.Description, getter, target: null, bound: false);
    }

    /// <summary>A definition from a delegate, for <see cref="Workflow.Queries"/> or <see cref="Workflow.DynamicQuery"/>.</summary>
    public static WorkflowQueryDefinition CreateWithoutAttribute(string? name, Delegate del, string? description = null) =>
        new(name, description, del.Method, del.Target, bound: true);
}
