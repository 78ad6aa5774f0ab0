namespace Temporalio.Client;

/// <summary>How a silent connection is checked.</summary>
public class KeepAliveOptions : ICloneable
{
    /// <summary>Time between pings; default 30 s.</summary>
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>A ping without an answer for this long ends the connection; default 15 s.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(15);

    public virtual object Clone() => MemberwiseClone();
}
