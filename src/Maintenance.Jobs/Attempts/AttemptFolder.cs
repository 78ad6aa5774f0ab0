using System.Text.Json;

namespace Maintenance.Jobs.Attempts;

/// <summary>
/// The memory of one attempt that survives every process: what was asked, who runs, how it ended. It is readable by its owner only, and it
/// stays until the run has taken the result, because the same attempt may be asked for again.
/// </summary>
sealed class AttemptFolder(string path)
{
    AttemptTicket? _ticket;

    static readonly JsonSerializerOptions _json = JsonSerializerOptions.Web;

    public string Path { get; } = path;

    // Written by the worker.
    public string TicketFile => In("ticket.json");
    public string TokenFile => In("token");
    public string StopFile => In("stop");
    public string ResultFile => In("result.json");
    public string WorkFolder => In("work");
    public string TempFolder => In("tmp");
    public string ScriptFolder => In("script");

    // Written by the supervisor and the script.
    public string SupervisorFile => In("supervisor");
    public string ScriptPidFile => In("script.pid");
    public string TimedOutFile => In("timedout");
    public string StatusFile => In("status");
    public string OutputFile => In("output");
    public string ShellFile => In("shell");
    public string OutputsFile => In("outputs");

    public bool Exists => File.Exists(TicketFile);

    public void Create(AttemptTicket ticket, AttemptRequest request)
    {
        CreatePrivate(Path);
        CreatePrivate(ScriptFolder);
        CreatePrivate(WorkFolder);
        CreatePrivate(TempFolder);
        File.WriteAllText(ScriptFile(request.ScriptName), request.Script);
        foreach (var (name, content) in request.Files)
            File.WriteAllText(System.IO.Path.Combine(WorkFolder, System.IO.Path.GetFileName(name)), content);
        // Last, because a folder without ticket counts as not there.
        Replace(TicketFile, JsonSerializer.SerializeToUtf8Bytes(ticket, _json));
        _ticket = ticket;
    }

    public string ScriptFile(string name) => System.IO.Path.Combine(ScriptFolder, System.IO.Path.GetFileName(name));

    /// <summary>Written once, so reading it once is enough.</summary>
    public AttemptTicket ReadTicket() => _ticket ??=
        JsonSerializer.Deserialize<AttemptTicket>(File.ReadAllBytes(TicketFile), _json)
        ?? throw new InvalidDataException($"{TicketFile} is empty. Delete the folder {Path}; the attempt then counts as unknown.");

    public AttemptResult? ReadResult() =>
        File.Exists(ResultFile) ? JsonSerializer.Deserialize<AttemptResult>(File.ReadAllBytes(ResultFile), _json) : null;

    public void WriteResult(AttemptResult result) => Replace(ResultFile, JsonSerializer.SerializeToUtf8Bytes(result, _json));

    public byte[]? ReadToken() => File.Exists(TokenFile) ? File.ReadAllBytes(TokenFile) : null;

    public void WriteToken(byte[] token) => Replace(TokenFile, token);

    public string? ReadStopReason() => File.Exists(StopFile) ? File.ReadAllText(StopFile) : null;

    public void WriteStopReason(string reason)
    {
        if (!File.Exists(StopFile))
            File.WriteAllText(StopFile, reason);
    }

    /// <summary>Takes away what may hold secrets or much space, once it is in the result.</summary>
    public void DeleteRaw()
    {
        foreach (var folder in (string[])[WorkFolder, TempFolder, ScriptFolder])
        {
            if (Directory.Exists(folder))
                DeleteTree(folder);
        }

        foreach (var file in (string[])[OutputFile, ShellFile, OutputsFile])
            File.Delete(file);
    }

    public void Delete()
    {
        if (Directory.Exists(Path))
            DeleteTree(Path);
    }

    /// <summary>A script may leave folders that their owner cannot enter; they are opened before the second try.</summary>
    static void DeleteTree(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (UnauthorizedAccessException)
        {
            foreach (var inner in Directory.EnumerateDirectories(folder, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint }))
                File.SetUnixFileMode(inner, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            Directory.Delete(folder, recursive: true);
        }
    }

    static void CreatePrivate(string folder) =>
        Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

    static void Replace(string file, byte[] content)
    {
        File.WriteAllBytes(file + ".new", content);
        File.Move(file + ".new", file, overwrite: true);
    }

    string In(string name) => System.IO.Path.Combine(Path, name);
}

/// <summary>
/// What the worker notes before it starts anything. Boot and pid namespace say whether a process id in this folder still means anything.
/// </summary>
sealed record AttemptTicket
{
    public required string Job { get; init; }
    public required string Step { get; init; }
    public required int Attempt { get; init; }
    public required string RunId { get; init; }
    public required string ActivityId { get; init; }
    public required string WorkflowId { get; init; }
    public required HostEra Era { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required TimeSpan Timeout { get; init; }
    public required TimeSpan StopGrace { get; init; }
    public required int OutputBytesMax { get; init; }
    public required IReadOnlyDictionary<string, string> Secrets { get; init; }
    public string? Cgroup { get; init; }

    public AttemptKey Key => new(RunId, ActivityId);
}

/// <summary>The span in which process ids of this place are comparable. A new container on the same boot has a new pid namespace.</summary>
sealed record HostEra(string BootId, string PidNamespace)
{
    public static HostEra Current() =>
        new(File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim(), new FileInfo("/proc/self/ns/pid").LinkTarget ?? "");
}

/// <summary>The one line that the supervisor leaves: how the script ended, and with what number as the shell saw it.</summary>
readonly record struct SupervisorStatus(bool TimedOut, int Code)
{
    /// <summary>Null when the line is absent or incomplete.</summary>
    public static SupervisorStatus? Read(string file)
    {
        if (!File.Exists(file))
            return null;
        var words = File.ReadAllText(file).Split(' ', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return words is [var end, var code, "end"] && int.TryParse(code, out var number) ? new SupervisorStatus(end == "timeout", number) : null;
    }
}
