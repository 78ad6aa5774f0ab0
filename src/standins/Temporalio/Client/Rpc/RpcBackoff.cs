using Temporal.Protocol;

namespace Temporalio.Client;

/// <summary>Which failures of a call pass by themselves, and how long to wait for that.</summary>
sealed record RpcBackoff
{
    /// <summary>For calls that a person or program waits for: ten seconds in all.</summary>
    public static readonly RpcBackoff Calls = new()
    {
        Initial = TimeSpan.FromMilliseconds(100),
        Multiplier = 1.7,
        Jitter = 0.2,
        Maximum = TimeSpan.FromSeconds(5),
        MaxElapsed = TimeSpan.FromSeconds(10),
        MaxRetries = 10,
    };

    public required TimeSpan Initial { get; init; }

    public required double Multiplier { get; init; }

    public required double Jitter { get; init; }

    public required TimeSpan Maximum { get; init; }

    public required TimeSpan? MaxElapsed { get; init; }

    public required int MaxRetries { get; init; }

    /// <summary>A server that says it has too much to do gets more time than one that could not be reached.</summary>
    static readonly TimeSpan ExhaustedInitial = TimeSpan.FromSeconds(1);
    static readonly TimeSpan ExhaustedMaximum = TimeSpan.FromSeconds(10);

    public static RpcBackoff From(RpcRetryOptions? options) => options is null
        ? Calls
        : new()
        {
            Initial = options.InitialInterval,
            Multiplier = options.Multiplier,
            Jitter = options.RandomizationFactor,
            Maximum = options.MaxInterval,
            MaxElapsed = options.MaxElapsedTime,
            MaxRetries = options.MaxRetries,
        };

    public static bool MayPass(RpcStatus status) => status
        is RpcStatus.Unavailable
        or RpcStatus.ResourceExhausted
        or RpcStatus.Aborted
        or RpcStatus.Internal
        or RpcStatus.Unknown
        or RpcStatus.DataLoss
        or RpcStatus.OutOfRange;

    /// <summary>The wait before the next try, or null to give up.</summary>
    /// <param name="status">How the last try ended.</param>
    /// <param name="tries">Tries so far, at least 1.</param>
    /// <param name="elapsed">Time since the first try began.</param>
    /// <param name="random">Between 0 and 1.</param>
    public TimeSpan? NextDelay(RpcStatus status, int tries, TimeSpan elapsed, double random)
    {
        if (!MayPass(status) || tries > MaxRetries)
            return null;

        var delay = Grown(Initial, Multiplier, Maximum, tries);
        if (status == RpcStatus.ResourceExhausted)
            delay = TimeSpan.FromTicks(Math.Max(delay.Ticks, Grown(ExhaustedInitial, 2, ExhaustedMaximum, tries).Ticks));

        delay *= 1 + (Jitter * ((2 * random) - 1));
        return elapsed + delay > MaxElapsed ? null : delay;
    }

    static TimeSpan Grown(TimeSpan initial, double multiplier, TimeSpan maximum, int tries)
    {
        var ticks = initial.Ticks * Math.Pow(multiplier, tries - 1);
        return ticks < maximum.Ticks ? TimeSpan.FromTicks((long)ticks) : maximum;
    }
}
