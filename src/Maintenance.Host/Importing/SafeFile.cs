namespace Maintenance.Host.Importing;

/// <summary>Files that are there as they were or as they shall be, whatever happens in between.</summary>
static class SafeFile
{
    /// <summary>Writes beside the file, brings it to the disk, and renames; the mode stays.</summary>
    public static void Replace(string path, ReadOnlySpan<byte> content)
    {
        // Behind a link is the file that is meant.
        var link = File.Exists(path) ? File.ResolveLinkTarget(path, returnFinalTarget: true) : null;
        var target = link?.FullName ?? Path.GetFullPath(path);
        var draft = $"{target}.{Environment.ProcessId}.new";
        try
        {
            using (var file = new FileStream(draft, FileMode.Create, FileAccess.Write))
            {
                if (File.Exists(target))
                    File.SetUnixFileMode(draft, File.GetUnixFileMode(target));
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
}
