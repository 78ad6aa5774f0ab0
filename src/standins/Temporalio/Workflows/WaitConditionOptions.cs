namespace Temporalio.Workflows;

/// <summary>What to wait for, and how long.</summary>
public class WaitConditionOptions : ICloneable
{
    /// <summary>Options to fill; <see cref="ConditionCheck"/> is required.</summary>
    public WaitConditionOptions()
    {
    }

    /// <summary>Options for this condition.</summary>
    public WaitConditionOptions(
        Func<bool> conditionCheck, TimeSpan? timeout = null, string? timeoutSummary = null, CancellationToken? cancellationToken = null)
    {
        ConditionCheck = conditionCheck;
        Timeout = timeout;
        TimeoutSummary = timeoutSummary;
        CancellationToken = cancellationToken;
    }

    /// <summary>The condition. It must not change anything: it is asked again after every step of the workflow.</summary>
    public Func<bool> ConditionCheck { get; set; } = () => throw new InvalidOperationException("Set WaitConditionOptions.ConditionCheck");

    /// <summary>How long to wait; null is for ever.</summary>
    public TimeSpan? Timeout { get; set; }

    /// <summary>A line for user interfaces about the timer of the timeout.</summary>
    public string? TimeoutSummary { get; set; }

    /// <summary>Ends the wait; null is the workflow's own token.</summary>
    public CancellationToken? CancellationToken { get; set; }

    /// <inheritdoc />
    public virtual object Clone() => MemberwiseClone();
}
