namespace Temporalio.Workflows;

/// <summary>How long to wait, and what user interfaces say meanwhile.</summary>
public class DelayOptions : ICloneable
{
    /// <summary>Options with no delay set.</summary>
    public DelayOptions()
    {
    }

    /// <summary>Options for this delay.</summary>
    public DelayOptions(TimeSpan delay, string? summary = null, CancellationToken? cancellationToken = null)
    {
        Delay = delay;
        Summary = summary;
        CancellationToken = cancellationToken;
    }

    /// <summary>Options for this delay in milliseconds.</summary>
    public DelayOptions(int millisecondsDelay, string? summary = null, CancellationToken? cancellationToken = null)
        : this(TimeSpan.FromMilliseconds(millisecondsDelay), summary, cancellationToken)
    {
    }

    /// <summary>How long; an infinite one waits for the cancellation only.</summary>
    public TimeSpan Delay { get; set; }

    /// <summary>A line for user interfaces.</summary>
    public string? Summary { get; set; }

    /// <summary>Ends the wait; null is the workflow's own token.</summary>
    public CancellationToken? CancellationToken { get; set; }

    /// <inheritdoc />
    public virtual object Clone() => MemberwiseClone();
}
