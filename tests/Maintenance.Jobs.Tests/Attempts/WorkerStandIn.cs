using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Maintenance.Jobs.Attempts;
using Microsoft.Extensions.Logging.Abstractions;

namespace Maintenance.Jobs.Tests.Attempts;

/// <summary>
/// A worker process of its own that a test can kill: this test program, started again with an attempt to open instead of tests to run.
/// </summary>
static class WorkerStandIn
{
    internal const string Asked = "MAINTENANCE_TEST_STAND_IN";

    /// <summary>Returns when the stand-in is about to open the attempt.</summary>
    public static async Task<Process> StartAsync(string root, AttemptKey key, AttemptRequest request, string readyFile, string? build = null)
    {
        var order = JsonSerializer.Serialize(new Order(root, key.RunId, key.ActivityId, request, readyFile));
        var start = new ProcessStartInfo("dotnet", [Path.Combine(build ?? AppContext.BaseDirectory, Path.GetFileName(typeof(WorkerStandIn).Assembly.Location))]) { RedirectStandardInput = true, RedirectStandardOutput = true, Environment = { [Asked] = order } };
        var process = Process.Start(start) ?? throw new InvalidOperationException("The stand-in did not start.");
        await Eventually.IsTrue(() => File.Exists(readyFile), "the stand-in to be ready");
        return process;
    }

    [ModuleInitializer]
    internal static void RunIfAsked()
    {
        if (Environment.GetEnvironmentVariable(Asked) is not { } text)
            return;
        if (text.StartsWith(ServingStandIn.Asked, StringComparison.Ordinal))
            ServingStandIn.Serve(text[ServingStandIn.Asked.Length..]);
        var order = JsonSerializer.Deserialize<Order>(text)!;
        var host = new AttemptHost(
            new AttemptHostOptions { Root = order.Root, HostId = "host-1", Cgroup = "off", FreeBytesMin = 0 }, TimeProvider.System,
            NullLogger<AttemptHost>.Instance);
        File.WriteAllText(order.ReadyFile, "");
        var live = host.Open(new AttemptKey(order.RunId, order.ActivityId), order.Request, [1]);
        using var beats = new Timer(_ => live.ReadLatest(), null, TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(100));
        // Until it is killed, or the test that holds the other end is gone.
        _ = Console.In.Read();
        Environment.Exit(0);
    }

    sealed record Order(string Root, string RunId, string ActivityId, AttemptRequest Request, string ReadyFile);
}
