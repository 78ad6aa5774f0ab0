using Temporalio.Common;

namespace Temporalio.Workflows;

/// <summary>What a dynamic workflow may decide about its definition after it was constructed.</summary>
public class WorkflowDefinitionOptions : ICloneable
{
    /// <summary>Exceptions that fail the workflow instead of its task.</summary>
    public Type[]? FailureExceptionTypes { get; set; }

    /// <summary>How runs move to newer worker versions.</summary>
    public VersioningBehavior VersioningBehavior { get; set; }

    /// <inheritdoc />
    public object Clone() => MemberwiseClone();
}
