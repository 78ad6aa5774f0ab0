using Maintenance.Jobs.Attempts;
using Maintenance.Jobs.Attempts.Posix;
using Microsoft.Extensions.Logging.Abstractions;

namespace Maintenance.Jobs.Tests.Attempts;

/// <summary>
/// A host with a state folder of its own. "A new worker" is a second <see cref="AttemptHost"/> on the same folder, as after a restart.
/// </summary>
public sealed class AttemptFixture : IDisposable
{
    readonly string _root = Directory.CreateTempSubdirectory("attempts-").FullName;
    readonly List<AttemptHost> _hosts = [];

    public string RunId { get; } = Guid.NewGuid().ToString();

    public string Root => _root;

    /// <summary>Where scripts of other users have their folders.</summary>
    public string RunAsRoot => $"/var/tmp/maintenance-steps-test-{RunId}";

    public string Scratch(string name) => Path.Combine(_root, "scratch-" + name);

    public AttemptHost NewWorker(string cgroup = "off", params string[] runAs)
    {
        var host = new AttemptHost(
            new AttemptHostOptions
            {
                Root = Path.Combine(_root, "attempts"), HostId = $"test-{RunId}", Cgroup = cgroup, FreeBytesMin = 0, RunAs = runAs,
            },
            TimeProvider.System, NullLogger<AttemptHost>.Instance);
        _hosts.Add(host);
        return host;
    }

    public AttemptKey Key(int attempt = 1, string step = "work") => new(RunId, $"{step}/{attempt}");

    public AttemptRequest Script(string script, TimeSpan? timeout = null, TimeSpan? grace = null, int attempt = 1) => new()
    {
        Job = "test-job",
        Step = "work",
        Attempt = attempt,
        RunId = RunId,
        WorkflowId = "test-job",
        ScriptName = "work.sh",
        Script = script.StartsWith("#!", StringComparison.Ordinal) ? script : "#!/bin/sh\n" + script,
        Timeout = timeout ?? TimeSpan.FromMinutes(1),
        StopGrace = grace ?? TimeSpan.FromSeconds(5),
    };

    public async Task<AttemptResult> RunAsync(AttemptRequest request)
    {
        var live = NewWorker().Open(Key(request.Attempt), request, token: null);
        // Its own time limit ends a script that is stuck; this is for a worker that is.
        return await live.Completion.WaitAsync(request.Timeout + TimeSpan.FromMinutes(1));
    }

    internal AttemptFolder Folder(AttemptKey key) => new(Path.Combine(_root, "attempts", key.FolderName));

    internal async Task<ProcessIdentity> SupervisorOf(AttemptKey key)
    {
        await Eventually.IsTrue(() => ProcessIdentity.Read(Folder(key).SupervisorFile) is not null, "the supervisor's mark");
        return ProcessIdentity.Read(Folder(key).SupervisorFile)!.Value;
    }

    /// <summary>Waits until the script itself says that it runs, by creating the file that it is given.</summary>
    public async Task<int> PidIn(string scratchName)
    {
        var file = Scratch(scratchName);
        await Eventually.IsTrue(() => File.Exists(file) && File.ReadAllText(file).EndsWith('\n'), $"the script to write {scratchName}");
        return int.Parse(File.ReadAllText(file));
    }

    public static bool IsRunning(int pid) => ProcessStat.Read(pid) is { } stat && stat.State is not ('Z' or 'X');

    public void Dispose()
    {
        foreach (var host in _hosts)
            host.Dispose();
        // Nothing of a failed test may live on; the keys are this fixture's own.
        using (var last = NewWorker())
        {
            foreach (var key in last.Known())
                last.ContainAsync(key, CancellationToken.None).Wait(TimeSpan.FromSeconds(20));
        }

        Directory.Delete(_root, recursive: true);
        if (Directory.Exists(RunAsRoot))
            Directory.Delete(RunAsRoot, recursive: true);
    }
}
