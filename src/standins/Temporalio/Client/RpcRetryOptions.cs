namespace Temporalio.Client;

/// <summary>How calls that failed in a passing way are tried again.</summary>
public class RpcRetryOptions : ICloneable
{
    /// <summary>Wait before the second try; default 100 ms.</summary>
    public TimeSpan InitialInterval { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Each wait varies by this share; default 0.2.</summary>
    public float RandomizationFactor { get; set; } = 0.2f;

    /// <summary>Each wait is this times the last; default 1.5.</summary>
    public float Multiplier { get; set; } = 1.5f;

    /// <summary>Longest wait; default 5 s.</summary>
    public TimeSpan MaxInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>No new try after this time; null: no limit. Default 10 s.</summary>
    public TimeSpan? MaxElapsedTime { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Most tries after the first; default 10.</summary>
    public int MaxRetries { get; set; } = 10;

    public virtual object Clone() => MemberwiseClone();
}
