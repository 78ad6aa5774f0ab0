using System.Collections.Concurrent;
using Serilog.Debugging;

namespace Serilog.Sinks.Seq.Tests;

/// <summary>Collects the self log, which is one for the process; the tests of this assembly do not run in parallel.</summary>
sealed class SelfLogText : IDisposable
{
    readonly ConcurrentQueue<string> _lines = new();

    public SelfLogText() => SelfLog.Enable(_lines.Enqueue);

    public override string ToString() => string.Join('\n', _lines);

    public void Dispose() => SelfLog.Disable();
}
