using System.Diagnostics;

namespace Maintenance.Records.Tests;

/// <summary>A file system of a few megabytes, with a stone in it that fills the rest.</summary>
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
sealed class SmallDisk : IDisposable
{
    const int Megabytes = 8;

    SmallDisk(string folder) => Folder = folder;

    public string Folder { get; }

    /// <summary>Null where this user may not mount one.</summary>
    public static SmallDisk? TryMount()
    {
        var folder = Directory.CreateTempSubdirectory("records-disk-").FullName;
        if (Environment.UserName == "root" && Run("mount", "-t", "tmpfs", "-o", $"size={Megabytes}m", "tmpfs", folder) == 0)
            return new(folder);
        Directory.Delete(folder);
        return null;
    }

    public void Fill()
    {
        using var stone = new FileStream(Stone, FileMode.Append, FileAccess.Write, FileShare.None, bufferSize: 0);
        try
        {
            while (true)
                stone.Write(new byte[4096]);
        }
        catch (IOException)
        {
            // Full is what was wanted.
        }
    }

    public void Free() => File.Delete(Stone);

    public void Remount(bool readOnly) =>
        Assert.Equal(0, Run("mount", "-o", readOnly ? "remount,ro" : "remount,rw", Folder));

    /// <summary>For a server that runs as another user.</summary>
    public void GiveTo(string user) => Assert.Equal(0, Run("chown", user, Folder));

    public void Dispose()
    {
        Run("umount", "-l", Folder);
        Directory.Delete(Folder);
    }

    string Stone => Path.Combine(Folder, "stone");

    static int Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })
            ?? throw new InvalidOperationException($"{program} did not start.");
        process.WaitForExit();
        return process.ExitCode;
    }
}
