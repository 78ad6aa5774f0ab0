using System.Diagnostics;
using System.Text.Json;
using Maintenance.Jobs.Attempts;
using Maintenance.Jobs.Attempts.Posix;
using Microsoft.Extensions.Logging.Abstractions;

namespace Maintenance.Jobs.Tests.Attempts;

/// <summary>
/// A worker process of its own that opens one attempt after the other as it is told, and counts its descriptors: what it owns is its own, whatever
/// other tests do meanwhile, and it can be given limits that would be the end of the test program.
/// </summary>
sealed class ServingStandIn : IDisposable
{
    internal const string Asked = "serve ";

    readonly Process _process;
    readonly string[] _asUser;

    ServingStandIn(Process process, string[] asUser) => (_process, _asUser) = (process, asUser);

    public int Pid => _process.Id;

    public int OpenFiles => Directory.GetFiles($"/proc/{Pid}/fd").Length;

    public int Threads => Directory.GetDirectories($"/proc/{Pid}/task").Length;

    /// <param name="root">Where its attempts are.</param>
    /// <param name="asUser">Starts the words that come behind it as another user; none: as this one.</param>
    public static ServingStandIn Start(string root, params string[] asUser)
    {
        string[] command = [.. asUser, "dotnet", Path.Combine(AppContext.BaseDirectory, Path.GetFileName(typeof(ServingStandIn).Assembly.Location))];
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true,
            Environment =
            {
                [WorkerStandIn.Asked] = Asked + root,
                // A collection looks at the machine's memory, which takes a descriptor, and without one the runtime gives up: that is not the subject.
                ["DOTNET_GCgen0size"] = "0x10000000", ["DOTNET_ThreadPool_ForceMinWorkerThreads"] = "4", ["DOTNET_ThreadPool_ForceMaxWorkerThreads"] = "4",
            },
        };
        return new(Process.Start(start) ?? throw new InvalidOperationException("The stand-in did not start."), asUser);
    }

    public Task<StandInAnswer> OpenAsync(AttemptKey key, AttemptRequest request) => AskAsync(new() { RunId = key.RunId, ActivityId = key.ActivityId, Request = request });

    /// <summary>Failed starts, each with an attempt of its own.</summary>
    public Task<StandInAnswer> FailAsync(string runId, AttemptRequest request, int times) => AskAsync(new() { RunId = runId, Request = request, Starts = times });

    /// <summary>Failed calls of the system alone.</summary>
    public Task<StandInAnswer> FailCallsAsync(int times) => AskAsync(new() { Calls = times });

    /// <param name="what">nofile or nproc.</param>
    /// <param name="number">What it may have in all.</param>
    public async Task LimitAsync(string what, int number)
    {
        // As its own user, who may do that without any right.
        string[] command = [.. _asUser, "prlimit", $"--pid={Pid}", $"--{what}={number}:"];
        using var prlimit = Process.Start(command[0], command[1..]);
        await prlimit.WaitForExitAsync();
        Assert.Equal(0, prlimit.ExitCode);
    }

    /// <summary>Zombies included.</summary>
    public static IEnumerable<int> ChildrenOf(int parent) =>
        from folder in Directory.EnumerateDirectories("/proc")
        where int.TryParse(Path.GetFileName(folder), out _)
        let pid = int.Parse(Path.GetFileName(folder))
        where ProcessStat.Read(pid)?.Parent == parent
        select pid;

    async Task<StandInAnswer> AskAsync(StandInOrder order)
    {
        await _process.StandardInput.WriteLineAsync(JsonSerializer.Serialize(order));
        await _process.StandardInput.FlushAsync();
        var line = await _process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException($"The stand-in has ended, exit code {_process.ExitCode}.");
        return JsonSerializer.Deserialize<StandInAnswer>(line)!;
    }

    internal static void Serve(string root)
    {
        using var host = new AttemptHost(
            new AttemptHostOptions { Root = root, HostId = "host-1", Cgroup = "off", FreeBytesMin = 0 }, TimeProvider.System, NullLogger<AttemptHost>.Instance);
        using var output = new StreamWriter(Console.OpenStandardOutput()) { AutoFlush = true };
        while (Console.In.ReadLine() is { } line)
            output.WriteLine(JsonSerializer.Serialize(Do(host, JsonSerializer.Deserialize<StandInOrder>(line)!)));
        Environment.Exit(0);
    }

    static StandInAnswer Do(AttemptHost host, StandInOrder order)
    {
        try
        {
            var errors = order switch
            {
                { Calls: > 0 } => FailCalls(order.Calls),
                { Starts: > 0 } => FailStarts(host, order),
                _ => [Open(host, new AttemptKey(order.RunId, order.ActivityId), order.Request!)],
            };
            return new() { Said = [.. errors.Distinct().Order(StringComparer.Ordinal)] };
        }
        catch (HostShortageException shortage)
        {
            return new() { Said = [shortage.Error] };
        }
    }

    static string Open(AttemptHost host, AttemptKey key, AttemptRequest request) => host.Open(key, request, null).Completion.GetAwaiter().GetResult().Outcome switch
    {
        AttemptOutcome.CouldNotStart refusal => $"{refusal.Error}{(refusal.Passing ? "" : " for good")}",
        var outcome => outcome.ToString(),
    };

    static List<string> FailStarts(AttemptHost host, StandInOrder order)
    {
        string[] scripts = ["#!/no/such/shell\n", "#!/usr/bin/env no-such-program\n", "#!/etc/passwd\n", "no first line"];
        var errors = new List<string>();
        for (var i = 0; i < order.Starts; i++)
        {
            errors.Add(Open(host, new AttemptKey(order.RunId, $"step{i}/1"), order.Request! with { Script = scripts[i % scripts.Length] }));
            if (i % 100 == 99)
                host.Release(order.RunId);
        }

        return errors;
    }

    static List<string> FailCalls(int times)
    {
        string[] programs = ["/no/such/program", "/etc/passwd", "/proc"];
        return
        [
            .. Enumerable.Range(0, times).Select(i => Errno.Name(Spawner.TryStart(
                new SpawnRequest(programs[i % programs.Length], [], new Dictionary<string, string>(), "/dev/null", "/dev/null"), out _))),
        ];
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }
}

sealed record StandInOrder
{
    public string RunId { get; init; } = "";
    public string ActivityId { get; init; } = "";
    public AttemptRequest? Request { get; init; }
    public int Starts { get; init; }
    public int Calls { get; init; }
}

/// <summary>How it ended: the errors' names, or the outcome as a person would say it.</summary>
sealed record StandInAnswer
{
    public IReadOnlyList<string> Said { get; init; } = [];
}
