using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Maintenance.Jobs.Attempts.Posix;

namespace Maintenance.Jobs.Attempts;

/// <summary>Prepares the folder and starts the supervisor in a session of its own.</summary>
sealed class AttemptStarter
{
    const string Shell = "/bin/sh";

    readonly AttemptHostOptions _options;
    readonly HostEra _era;
    readonly TimeProvider _time;
    readonly string _supervisorScript;
    readonly string _sleep;
    readonly Cgroup? _cgroup;

    public AttemptStarter(AttemptHostOptions options, HostEra era, TimeProvider time)
    {
        _options = options;
        _era = era;
        _time = time;
        _supervisorScript = InstallSupervisor(options.Root);
        _sleep = Interpreter.FindOnPath("sleep", CleanEnvironment.DefaultPath)
            ?? throw new InvalidOperationException(
                $"The program 'sleep' is in none of {CleanEnvironment.DefaultPath}; without it time limits cannot be kept. Install coreutils or busybox.");
        _cgroup = Cgroup.Find(options.Cgroup);
    }

    /// <summary>Null when the supervisor runs; else why no line of the script will.</summary>
    public AttemptOutcome.CouldNotStart? Start(OpenAttempt asked, out ProcessIdentity supervisor)
    {
        supervisor = default;
        var request = asked.Request;
        var (secrets, missing) = SecretSource.Resolve(request.Secrets);
        if (missing is not null)
            return missing;
        if (FreeBytes() is var free && free < _options.FreeBytesMin)
            return new(
                "ENOSPC",
                $"Only {free / 1024 / 1024} MiB are free under {_options.Root}, {_options.FreeBytesMin / 1024 / 1024} MiB are wanted. Make room; the attempt is tried again.",
                Passing: true);

        try
        {
            return Start(asked, secrets, out supervisor);
        }
        catch (IOException refused)
        {
            return new("EIO", $"The attempt's folder could not be written: {refused.Message}", Passing: true);
        }
    }

    AttemptOutcome.CouldNotStart? Start(OpenAttempt asked, IReadOnlyDictionary<string, string> secrets, out ProcessIdentity supervisor)
    {
        supervisor = default;
        var (folder, request) = (asked.Folder, asked.Request);
        var environment = CleanEnvironment.For(request, folder, asked.Key, secrets);
        var (command, refusal) = Interpreter.Resolve(request.ScriptName, request.Script, environment["PATH"]);
        var cgroup = refusal is null ? _cgroup?.Create(asked.Key.FolderName) : null;
        folder.Create(TicketFor(asked, cgroup), request);
        if (asked.Token is not null)
            folder.WriteToken(asked.Token);
        if (refusal is not null)
            return refusal;

        string[] arguments =
        [
            _supervisorScript, folder.Path, Seconds(request.Timeout), Seconds(request.StopGrace), _sleep, cgroup is null ? "" : Path.Combine(cgroup, "cgroup.procs"),
            .. command, folder.ScriptFile(request.ScriptName), .. request.Arguments,
        ];
        var errno = Spawner.TryStart(new SpawnRequest(Shell, arguments, environment, folder.OutputFile, folder.ShellFile), out var pid);
        if (errno != 0)
            return new(
                Errno.Name(errno), $"{Shell} could not be started for {request.ScriptName} ({Errno.Name(errno)}).", Errno.IsPassing(errno));
        // The child is not reaped before it is watched, so its entry is there even if it has ended already.
        supervisor = new ProcessIdentity(pid, ProcessStat.Read(pid)?.StartTicks ?? 0);
        return null;
    }

    AttemptTicket TicketFor(OpenAttempt asked, string? cgroup) => new()
    {
        Job = asked.Request.Job,
        Step = asked.Request.Step,
        Attempt = asked.Request.Attempt,
        RunId = asked.Key.RunId,
        ActivityId = asked.Key.ActivityId,
        WorkflowId = asked.Request.WorkflowId,
        Era = _era,
        CreatedAt = _time.GetUtcNow(),
        Timeout = asked.Request.Timeout,
        StopGrace = asked.Request.StopGrace,
        OutputBytesMax = asked.Request.OutputBytesMax,
        Secrets = asked.Request.Secrets,
        Cgroup = cgroup,
    };

    /// <summary>A time limit is never shorter than asked for: what sleep cannot take is rounded up.</summary>
    static string Seconds(TimeSpan time) =>
        time < TimeSpan.FromSeconds(10)
            ? time.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture)
            : Math.Ceiling(time.TotalSeconds).ToString("0", CultureInfo.InvariantCulture);

    long FreeBytes() => _options.FreeBytesMin == 0 ? long.MaxValue : new DriveInfo(_options.Root).AvailableFreeSpace;

    /// <summary>Named by its content: a shell that still reads an older version is not disturbed by an upgrade.</summary>
    static string InstallSupervisor(string root)
    {
        using var resource = typeof(AttemptStarter).Assembly.GetManifestResourceStream("supervisor.sh")
            ?? throw new InvalidOperationException("The assembly was built without its resource supervisor.sh.");
        var text = new StreamReader(resource).ReadToEnd();
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..12];
        var file = Path.Combine(root, $"supervisor-{hash}.sh");
        if (!File.Exists(file))
        {
            File.WriteAllText(file + ".new", text);
            File.Move(file + ".new", file, overwrite: true);
        }

        return file;
    }
}
