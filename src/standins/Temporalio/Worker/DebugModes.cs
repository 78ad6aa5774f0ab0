using System.Diagnostics;

namespace Temporalio.Worker;

/// <summary>Whether somebody looks at workflow code step by step, so that slowness means nothing.</summary>
static class DebugModes
{
    public static bool Default { get; } =
        Debugger.IsAttached || Environment.GetEnvironmentVariable("TEMPORAL_DEBUG")?.ToUpperInvariant() is "1" or "TRUE";
}
