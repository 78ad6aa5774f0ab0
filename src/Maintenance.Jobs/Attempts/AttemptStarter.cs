using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Maintenance.Jobs.Attempts.Posix;

namespace Maintenance.Jobs.Attempts;

/// <summary>Prepares the folder and starts the supervisor in a session of its own.</summary>
sealed class AttemptStarter
{
    const string Shell = "/bin/sh";
    static readonly IReadOnlySet<string> _noControllers = new HashSet<string>();

    readonly AttemptHostOptions _options;
    readonly ExitWatcher _watcher;
    readonly HostEra _era;
    readonly TimeProvider _time;
    readonly string _supervisorScript;
    readonly string _sleep;
    readonly Cgroup? _cgroup;

    public AttemptStarter(AttemptHostOptions options, ExitWatcher watcher, HostEra era, TimeProvider time)
    {
        _options = options;
        _watcher = watcher;
        _era = era;
        _time = time;
        _supervisorScript = InstallSupervisor(options.Root);
        _sleep = Interpreter.FindOnPath("sleep", CleanEnvironment.DefaultPath)
            ?? throw new InvalidOperationException(
                $"The program 'sleep' is in none of {CleanEnvironment.DefaultPath}; without it time limits cannot be kept. Install "
                    + "coreutils or busybox.");
        _cgroup = Cgroup.Find(options.Cgroup);
        CoreDumps.Forbid();
    }

    /// <summary>The supervisor that runs now, or why no line of the script will.</summary>
    public async Task<Launch> StartAsync(OpenAttempt asked, CancellationToken cancellationToken)
    {
        var request = asked.Request;
        var (secrets, missing) = await SecretSource.ResolveAsync(request.Secrets, cancellationToken);
        var (user, notPermitted) = RunAsUser.Find(request.RunAs, _options);
        if ((missing ?? notPermitted) is { } refusal)
            return new Launch(default, Redactor.None, refusal);
        try
        {
            if (FreeBytes() is var free && free < _options.FreeBytesMin)
                return Refused(
                    "ENOSPC",
                    $"Only {free >> 20} MiB are free under {_options.Root}, {_options.FreeBytesMin >> 20} MiB are wanted. Make room; the "
                        + "attempt is tried again.",
                    passing: true);
            return Start(asked, user, secrets);
        }
        catch (IOException refused)
        {
            var errno = Errno.Of(refused);
            return Refused(
                errno == 0 ? "EIO" : Errno.Name(errno), $"The attempt's folder could not be written: {refused.Message}", passing: true);
        }
    }

    Launch Start(OpenAttempt asked, SystemUser? user, IReadOnlyDictionary<string, string> secrets)
    {
        var (folder, request) = (asked.Folder, asked.Request);
        var searchPath = request.Environment.GetValueOrDefault("PATH", CleanEnvironment.DefaultPath);
        var (command, refusal) = Interpreter.Resolve(request.ScriptName, request.Script, searchPath);
        refusal ??= user is not null && RunAsUser.Prefix(user) is null ? RunAsUser.NoProgram(user.Name) : null;
        var cgroup = refusal is null ? _cgroup : null;
        var controllers = request.Limits is { NeedsCgroup: true } && cgroup is not null ? cgroup.Controllers : _noControllers;
        var limits = HostLimits.Of(request.Limits, controllers, (user?.Uid ?? Native.GetUid()) == 0);
        var ticket = TicketFor(asked, cgroup?.Create(asked.Key.FolderName, limits.CgroupFiles), user, secrets) with
        {
            Notes = limits.Notes,
        };
        folder.Create(ticket, request);
        if (user is not null)
            folder.HandOver(user);
        if (asked.Token is not null)
            folder.WriteToken(asked.Token);
        if (refusal is not null)
            return new Launch(default, Redactor.None, refusal);

        string[] arguments =
        [
            _supervisorScript, folder.Path, Seconds(request.Timeout), Seconds(request.StopGrace), _sleep,
            ticket.Cgroup is null ? "" : Path.Combine(ticket.Cgroup, "cgroup.procs"), folder.Home, limits.ShellWords,
            .. Nice(request.Limits?.Nice), .. user is null ? [] : RunAsUser.Prefix(user)!,
            .. command, folder.ScriptFile(request.ScriptName), .. request.Arguments,
        ];
        var environment = CleanEnvironment.For(request, folder, asked.Key, secrets, user);
        if (_options.CommandsFolder is { } commands)
            environment["PATH"] = $"{commands}:{environment["PATH"]}";
        var errno = Spawner.TryStart(new SpawnRequest(Shell, arguments, environment, folder.OutputFile, folder.ShellFile), out var pid);
        if (errno != 0)
            return Refused(
                Errno.Name(errno), $"{Shell} could not be started for {request.ScriptName} ({Errno.Name(errno)}).", Errno.IsPassing(errno));
        return new Launch(Identify(pid), secrets.Count == 0 ? Redactor.None : new Redactor(secrets.Values), null);
    }

    /// <summary>The child is not reaped before it is watched, so its entry is there even if it has ended already.</summary>
    ProcessIdentity Identify(int child)
    {
        try
        {
            return new ProcessIdentity(child, ProcessStat.Read(child)?.StartTicks ?? 0);
        }
        catch (IOException)
        {
            // It runs, and will be found by its folder; but if it has ended by then, nobody would watch it.
            _watcher.ReapLater(child);
            throw;
        }
    }

    static Launch Refused(string error, string message, bool passing) =>
        new(default, Redactor.None, new AttemptOutcome.CouldNotStart(error, message, passing));

    static IReadOnlyList<string> Nice(int? nice) =>
        nice is > 0 and { } value && Interpreter.FindOnPath("nice", CleanEnvironment.DefaultPath) is { } program
            ? [program, "-n", value.ToString(CultureInfo.InvariantCulture)]
            : [];

    AttemptTicket TicketFor(OpenAttempt asked, string? cgroup, SystemUser? user, IReadOnlyDictionary<string, string> secrets) => new()
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
        Fingerprints = AttemptSecrets.Fingerprints(asked.Key, secrets),
        Cgroup = cgroup,
        Home = user is null ? null : RunAsUser.HomeOf(asked.Key, _options),
        Limits = asked.Request.Limits,
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

/// <summary>A start that was tried. The redactor knows the values that the script was given.</summary>
readonly record struct Launch(ProcessIdentity Supervisor, Redactor Redactor, AttemptOutcome.CouldNotStart? Refusal);
