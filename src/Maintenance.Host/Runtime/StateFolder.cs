using System.Security.Cryptography;
using System.Text.Json;
using Maintenance.Host.Cli;
using Maintenance.Host.Settings;

namespace Maintenance.Host.Runtime;

/// <summary>
/// The folder where one installation keeps its state. One process at a time holds it; the kernel gives it back when that process
/// ends, however it ends.
/// </summary>
sealed class StateFolder : IDisposable
{
    readonly FileStream _lock;

    StateFolder(string path, FileStream @lock) => (Path, _lock) = (path, @lock);

    public string Path { get; }

    public string Engine => In("engine");

    public string Attempts => In("attempts");

    public string Cache => In("cache");

    public string SeqBuffer => In("seq-buffer");

    public string HostId => ReadOrCreateId(Path, "host-id");

    /// <summary>Whose schedules these are; drawn when the folder is new, unless it is set.</summary>
    public static string InstallationOf(HostSettings settings) =>
        settings.Installation.Length > 0 ? settings.Installation : ReadOrCreateId(settings.DataDirectory, "installation-id");

    public static string RecordsFile(string dataDirectory) => System.IO.Path.Combine(dataDirectory, "records.db");

    public static string EndpointFile(string dataDirectory) => System.IO.Path.Combine(dataDirectory, "endpoint.json");

    /// <exception cref="CommandFailure">The folder cannot be made or written, or another process holds it.</exception>
    public static StateFolder Open(string path)
    {
        try
        {
            Make(path);
            return new(path, Lock(path));
        }
        catch (Exception ex) when (ex is UnauthorizedAccessException or IOException)
        {
            throw new CommandFailure(
                ExitCode.CannotCreate,
                $"the data folder {path} cannot be used: {ex.Message} Name one that this user can write with `--data DIR`.");
        }
    }

    /// <summary>Leaves word for other commands on this machine where the engine answers.</summary>
    public void WriteEndpoint(Endpoint endpoint)
    {
        var file = EndpointFile(Path);
        File.WriteAllText(file + ".new", JsonSerializer.Serialize(endpoint));
        File.Move(file + ".new", file, overwrite: true);
    }

    public static Endpoint? ReadEndpoint(string dataDirectory)
    {
        try
        {
            return JsonSerializer.Deserialize<Endpoint>(File.ReadAllText(EndpointFile(dataDirectory)));
        }
        catch (Exception ex) when (ex is FileNotFoundException or DirectoryNotFoundException or JsonException)
        {
            return null;
        }
    }

    public void Dispose() => _lock.Dispose();

    string In(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>For its owner alone.</summary>
    static void Make(string path)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(path);
        else
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    static FileStream Lock(string path)
    {
        var file = System.IO.Path.Combine(path, "lock");
        FileStream stream;
        try
        {
            stream = new(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException ex) when (ex is not (PathTooLongException or DirectoryNotFoundException) && File.Exists(file))
        {
            throw new CommandFailure(
                ExitCode.Busy,
                $"the data folder {path} is in use{Holder(path)}; stop that `maintenance` first, or name another folder with `--data DIR`.");
        }

        // Beside the lock, not in it: a locked file cannot be read by the one who is refused.
        File.WriteAllText(PidFile(path), $"{Environment.ProcessId}\n");
        return stream;
    }

    static string PidFile(string path) => System.IO.Path.Combine(path, "pid");

    static string Holder(string path) => File.Exists(PidFile(path)) ? $" by process {File.ReadAllText(PidFile(path)).Trim()}" : "";

    /// <summary>Host names change and repeat; an id that was drawn once does not.</summary>
    static string ReadOrCreateId(string folder, string name)
    {
        var file = System.IO.Path.Combine(folder, name);
        if (File.Exists(file) && File.ReadAllText(file).Trim() is { Length: > 0 } id)
            return id;

        // A command may be the first that wants to know, before anything else has made the folder.
        Make(folder);
        id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6));
        File.WriteAllText(file + ".new", id + "\n");
        File.Move(file + ".new", file, overwrite: true);
        return id;
    }
}

/// <summary>Where the engine of a running installation answers.</summary>
sealed record Endpoint(string Address, string Namespace, int Pid);
