using Temporalio.Common;

namespace Temporalio.Workflows;

/// <summary>Marks a type as a workflow. The name defaults to the type's, for an interface without its leading <c>I</c>.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Interface | AttributeTargets.Struct, Inherited = false)]
public sealed class WorkflowAttribute : Attribute
{
    /// <summary>A workflow that is named for its type.</summary>
    public WorkflowAttribute()
    {
    }

    /// <summary>A workflow with this name.</summary>
    public WorkflowAttribute(string name) => Name = name;

    /// <summary>The given name; null when it follows from the type.</summary>
    public string? Name { get; }

    /// <summary>Serves every workflow type that nothing else serves. The run method then takes one <c>IRawValue[]</c>.</summary>
    public bool Dynamic { get; set; }

    /// <summary>Exceptions that fail the workflow instead of its task.</summary>
    public Type[]? FailureExceptionTypes { get; set; }

    /// <summary>How runs move to newer worker versions.</summary>
    public VersioningBehavior VersioningBehavior { get; set; }
}

/// <summary>Marks the method that is the workflow.</summary>
[AttributeUsage(AttributeTargets.Method, Inherited = false)]
public sealed class WorkflowRunAttribute : Attribute;

/// <summary>Marks a constructor that takes the same parameters as the run method.</summary>
[AttributeUsage(AttributeTargets.Constructor, Inherited = false)]
public sealed class WorkflowInitAttribute : Attribute;

/// <summary>Marks the method of a dynamic workflow that gives its options, called right after construction.</summary>
[AttributeUsage(AttributeTargets.Method, Inherited = false)]
public sealed class WorkflowDynamicOptionsAttribute : Attribute;

/// <summary>Marks a method as signal handler.</summary>
[AttributeUsage(AttributeTargets.Method, Inherited = false)]
public sealed class WorkflowSignalAttribute : Attribute
{
    /// <summary>A signal that is named for its method.</summary>
    public WorkflowSignalAttribute()
    {
    }

    /// <summary>A signal with this name.</summary>
    public WorkflowSignalAttribute(string name) => Name = name;

    /// <summary>The given name; null when it follows from the method.</summary>
    public string? Name { get; }

    /// <summary>Receives every signal without a handler. The method takes the name and an <c>IRawValue[]</c>.</summary>
    public bool Dynamic { get; set; }

    /// <summary>What happens when the workflow ends before the handler does.</summary>
    public HandlerUnfinishedPolicy UnfinishedPolicy { get; set; } = HandlerUnfinishedPolicy.WarnAndAbandon;

    /// <summary>What people read about it.</summary>
    public string? Description { get; set; }
}

/// <summary>Marks a method or property as query handler. It answers at once and changes nothing.</summary>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Property, Inherited = false)]
public sealed class WorkflowQueryAttribute : Attribute
{
    /// <summary>A query that is named for its member.</summary>
    public WorkflowQueryAttribute()
    {
    }

    /// <summary>A query with this name.</summary>
    public WorkflowQueryAttribute(string name) => Name = name;

    /// <summary>The given name; null when it follows from the member.</summary>
    public string? Name { get; }

    /// <summary>Answers every query without a handler. The method takes the name and an <c>IRawValue[]</c>.</summary>
    public bool Dynamic { get; set; }

    /// <summary>What people read about it.</summary>
    public string? Description { get; set; }
}

/// <summary>Marks a method as update handler. It returns a task.</summary>
[AttributeUsage(AttributeTargets.Method, Inherited = false)]
public sealed class WorkflowUpdateAttribute : Attribute
{
    /// <summary>An update that is named for its method.</summary>
    public WorkflowUpdateAttribute()
    {
    }

    /// <summary>An update with this name.</summary>
    public WorkflowUpdateAttribute(string name) => Name = name;

    /// <summary>The given name; null when it follows from the method.</summary>
    public string? Name { get; }

    /// <summary>Receives every update without a handler. The method takes the name and an <c>IRawValue[]</c>.</summary>
    public bool Dynamic { get; set; }

    /// <summary>What happens when the workflow ends before the handler does.</summary>
    public HandlerUnfinishedPolicy UnfinishedPolicy { get; set; } = HandlerUnfinishedPolicy.WarnAndAbandon;

    /// <summary>What people read about it.</summary>
    public string? Description { get; set; }
}

/// <summary>Marks the method that may refuse an update before it is accepted, by throwing.</summary>
[AttributeUsage(AttributeTargets.Method, Inherited = false)]
public sealed class WorkflowUpdateValidatorAttribute : Attribute
{
    /// <summary>A validator of the update whose method has this name.</summary>
    public WorkflowUpdateValidatorAttribute(string updateMethod) => UpdateMethod = updateMethod;

    /// <summary>Name of the update's method.</summary>
    public string UpdateMethod { get; }
}
