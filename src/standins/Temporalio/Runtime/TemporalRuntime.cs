using Temporalio.Common;

namespace Temporalio.Runtime;

/// <summary>
/// What the connections of a process share. Metrics go to the .NET meter named <c>Temporalio</c>, where any listener or
/// exporter finds them.
/// </summary>
public sealed class TemporalRuntime
{
    public TemporalRuntime(TemporalRuntimeOptions options) =>
        Options = (TemporalRuntimeOptions)options.Clone();

    /// <summary>Used where no other is given.</summary>
    public static TemporalRuntime Default { get; } = new(new());

    /// <summary>For metrics of the program's own.</summary>
    public MetricMeter MetricMeter { get; } = DiagnosticsMeter.Shared;

    internal TemporalRuntimeOptions Options { get; }
}
