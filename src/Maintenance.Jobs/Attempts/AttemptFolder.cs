using System.Runtime.InteropServices;
using System.Text.Json;
using Maintenance.Jobs.Attempts.Posix;

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

    // Written by the supervisor and the script.
    public string SupervisorFile => In("supervisor");
    public string ScriptPidFile => In("script.pid");
    public string TimedOutFile => In("timedout");
    public string StatusFile => In("status");
    public string RefusedFile => In("refused");
    public string OutputFile => In("output");
    public string ShellFile => In("shell");

    /// <summary>Where the script has what it may touch: here, or elsewhere when it runs as a user who may not enter here.</summary>
    public string Home => (_ticket ?? (Exists ? ReadTicket() : null))?.Home ?? Path;
    public string WorkFolder => System.IO.Path.Combine(Home, "work");
    public string TempFolder => System.IO.Path.Combine(Home, "tmp");
    public string ScriptFolder => System.IO.Path.Combine(Home, "script");
    public string OutputsFile => System.IO.Path.Combine(Home, "outputs");

    public bool Exists => File.Exists(TicketFile);

    public void Create(AttemptTicket ticket, AttemptRequest request)
    {
        _ticket = ticket;
        CreatePrivate(Path);
        if (Home != Path)
            Directory.CreateDirectory(Home, _searchable);
        CreatePrivate(ScriptFolder);
        CreatePrivate(WorkFolder);
        CreatePrivate(TempFolder);
        File.WriteAllText(ScriptFile(request.ScriptName), request.Script);
        foreach (var (name, content) in request.Files)
            File.WriteAllText(System.IO.Path.Combine(WorkFolder, System.IO.Path.GetFileName(name)), content);
        if (Home != Path)
            File.WriteAllText(OutputsFile, "");
        // Last, because a folder without ticket counts as not there.
        Replace(TicketFile, JsonSerializer.SerializeToUtf8Bytes(ticket, _json));
    }

    public string ScriptFile(string name) => System.IO.Path.Combine(ScriptFolder, System.IO.Path.GetFileName(name));

    /// <summary>Gives what the script may touch to the user that it runs as.</summary>
    public void HandOver(SystemUser user)
    {
        string[] roots = [ScriptFolder, WorkFolder, TempFolder, OutputsFile];
        foreach (var path in roots.Concat(Directory.EnumerateFiles(ScriptFolder)).Concat(Directory.EnumerateFiles(WorkFolder)))
        {
            if (Native.ChangeOwner(path, user.Uid, user.Gid) != 0)
                throw new IOException($"{path} cannot be given to {user.Name}.", Marshal.GetLastPInvokeError());
        }

        File.SetUnixFileMode(OutputsFile, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    /// <summary>Written once, so reading it once is enough.</summary>
    public AttemptTicket ReadTicket()
    {
        var ticket = _ticket ??= JsonSerializer.Deserialize<AttemptTicket>(File.ReadAllBytes(TicketFile), _json)
            ?? throw new InvalidDataException($"{TicketFile} is empty. Delete the folder {Path}; the attempt then counts as unknown.");
        return ticket.Format <= AttemptTicket.NewestFormat
            ? ticket
            : throw new InvalidDataException(
                $"{TicketFile} has format {ticket.Format}, this version knows {AttemptTicket.NewestFormat}: a newer version began the "
                    + "attempt. Start that one again; it finds the attempt.");
    }

    public AttemptResult? ReadResult() =>
        File.Exists(ResultFile) ? JsonSerializer.Deserialize<AttemptResult>(File.ReadAllBytes(ResultFile), _json) : null;

    /// <summary>The first result stays: should two workers have seen the same end, both report what the first one made of it.</summary>
    public AttemptResult WriteResult(AttemptResult result)
    {
        var draft = $"{ResultFile}.{Guid.NewGuid():n}";
        File.WriteAllBytes(draft, JsonSerializer.SerializeToUtf8Bytes(result, _json));
        // A file system without hard links leaves a plain move, which is right for one worker.
        if (Native.Link(draft, ResultFile) == 0 || File.Exists(ResultFile))
            File.Delete(draft);
        else
            File.Move(draft, ResultFile, overwrite: true);
        return ReadResult() ?? result;
    }

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
        if (Home != Path && Directory.Exists(Home))
            DeleteTree(Home);
    }

    public void Delete()
    {
        if (Home != Path && Directory.Exists(Home))
            DeleteTree(Home);
        if (Directory.Exists(Path))
            DeleteTree(Path);
    }

    /// <summary>A script may leave folders that their owner cannot enter; they are opened before the second try.</summary>
    static void DeleteTree(string folder)
    {
        const int triesMax = 10;
        try
        {
            for (var tries = 1; Directory.Exists(folder); tries++)
            {
                try
                {
                    Directory.Delete(folder, recursive: true);
                }
                catch (DirectoryNotFoundException) when (tries < triesMax)
                {
                    // Two workers may know one folder: the other one was quicker with a part of it.
                    continue;
                }
            }
        }
        catch (UnauthorizedAccessException)
        {
            foreach (var inner in Directory.EnumerateDirectories(
                folder, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint }))
                File.SetUnixFileMode(inner, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            Directory.Delete(folder, recursive: true);
        }
    }

    // Others may pass, and see nothing but what they own.
    const UnixFileMode _searchable =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    static void CreatePrivate(string folder) =>
        Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

    static void Replace(string file, byte[] content)
    {
        File.WriteAllBytes(file + ".new", content);
        File.Move(file + ".new", file, overwrite: true);
    }

    string In(string name) => System.IO.Path.Combine(Path, name);
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
        return words is [var end, var code, "end"] && int.TryParse(code, out var number)
            ? new SupervisorStatus(end == "timeout", number)
            : null;
    }
}
