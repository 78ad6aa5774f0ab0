namespace Temporalio.Workflows;

/// <summary>How a child workflow is signalled.</summary>
public class ChildWorkflowSignalOptions : ICloneable
{
    /// <summary>Withdraws a signal that is not sent yet; null is the workflow's own token.</summary>
    public CancellationToken? CancellationToken { get; set; }

    /// <inheritdoc />
    public virtual object Clone() => MemberwiseClone();
}

/// <summary>How another workflow is signalled.</summary>
public class ExternalWorkflowSignalOptions : ICloneable
{
    /// <summary>Withdraws a signal that is not sent yet; null is the workflow's own token.</summary>
    public CancellationToken? CancellationToken { get; set; }

    /// <inheritdoc />
    public virtual object Clone() => MemberwiseClone();
}
