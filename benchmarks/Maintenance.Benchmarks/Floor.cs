using System.Diagnostics;
using Temporalio.Client;

namespace Maintenance.Benchmarks;

/// <summary>What this machine charges for the least that a run needs; every other figure is read against it.</summary>
sealed record Floor(Summary Fsync, Summary Spawn, Summary EmptyRpc)
{
    public static async Task<Floor> MeasureAsync(string folder, ITemporalConnection connection) =>
        new(Fsyncs(folder), await SpawnsAsync(), await RpcsAsync(connection));

    static Summary Fsyncs(string folder)
    {
        using var file = new FileStream(Path.Combine(folder, "fsync-floor"), FileMode.Create);
        var block = new byte[4096];
        return Summary.Of(Enumerable.Range(0, 200).Select(_ => Timed(() =>
        {
            file.Write(block);
            file.Flush(flushToDisk: true);
        })).ToList());
    }

    static async Task<Summary> SpawnsAsync()
    {
        var times = new List<double>();
        for (var i = 0; i < 50; i++)
        {
            var started = Stopwatch.GetTimestamp();
            using var process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", ":"]))!;
            await process.WaitForExitAsync();
            times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }

        return Summary.Of(times);
    }

    static async Task<Summary> RpcsAsync(ITemporalConnection connection)
    {
        var times = new List<double>();
        for (var i = 0; i < 550; i++)
        {
            var started = Stopwatch.GetTimestamp();
            await connection.WorkflowService.GetSystemInfoAsync(new());
            if (i >= 50)
                times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }

        return Summary.Of(times);
    }

    static double Timed(Action act)
    {
        var started = Stopwatch.GetTimestamp();
        act();
        return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
    }
}
