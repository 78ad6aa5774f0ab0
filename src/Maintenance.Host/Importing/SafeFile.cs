using System.Diagnostics;

namespace Maintenance.Host.Importing;

/// <summary>Files that are there as they were or as they shall be, whatever happens in between.</summary>
static class SafeFile
{
    /// <summary>
    /// Writes beside the file, brings it to the disk, and renames; mode and owner stay (cron reads no crontab of another owner).
    /// </summary>
    public static void Replace(string path, ReadOnlySpan<byte> content)
    {
        // Behind a link is the file that is meant.
        var link = File.Exists(path) ? File.ResolveLinkTarget(path, returnFinalTarget: true) : null;
        var target = link?.FullName ?? Path.GetFullPath(path);
        var draft = $"{target}.{Environment.ProcessId}.new";
        try
        {
            if (File.Exists(target))
                CopyAttributes(target, draft);
            using (var file = new FileStream(draft, FileMode.OpenOrCreate, FileAccess.Write))
            {
                file.SetLength(0);
                file.Write(content);
                file.Flush(flushToDisk: true);
            }

            File.Move(draft, target, overwrite: true);
        }
        catch
        {
            File.Delete(draft);
            throw;
        }
    }

    /// <summary>The framework sets no owner; <c>cp</c> does.</summary>
    static void CopyAttributes(string from, string to)
    {
        using var copy = Process.Start(new ProcessStartInfo("cp", ["--preserve=mode,ownership", "--", from, to])
        {
            RedirectStandardError = true,
        })
            ?? throw new IOException("cp could not be started");
        var said = copy.StandardError.ReadToEnd();
        copy.WaitForExit();
        if (copy.ExitCode != 0)
            throw new IOException(said.Trim());
    }
}
