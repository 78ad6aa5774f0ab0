using Maintenance.Jobs.Definition;
using Maintenance.Jobs.Locks;
using Maintenance.Records;

namespace Maintenance.Jobs.Runs;

/// <summary>One step on its way through the interpreter: what it declares, where its record is, and what cancels it.</summary>
sealed record StepFrame(StepDefinition Step, int Position, CancellationToken Cancellation)
{
    /// <summary>Set within a step with <c>forEach</c>.</summary>
    public Target? Target { get; init; }

    /// <summary>Held for the step, or for it and the target; those of the whole run are not among them.</summary>
    public IReadOnlyList<LockClaim> Locks { get; init; } = [];

    /// <summary>The step as a whole, whose targets get frames of their own.</summary>
    public bool IsOverTargets => Step.ForEach is not null && Target is null;
}

/// <summary>How a step, or one target of it, ended. The reason completes "Step 'x' …".</summary>
sealed record StepEnd(StepStatus Status, string? Reason)
{
    public static readonly StepEnd Succeeded = new(StepStatus.Succeeded, null);

    public bool Green => Status is StepStatus.Succeeded or StepStatus.Skipped;
}
