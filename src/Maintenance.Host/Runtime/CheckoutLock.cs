namespace Maintenance.Host.Runtime;

/// <summary>
/// Git holds a lock on its index while it changes the files of a checkout, one after the other. What lies there meanwhile is half of one
/// commit and half of another, and so it is for good when git was killed in the middle: the lock stays behind.
/// </summary>
static class CheckoutLock
{
    const string Name = "index.lock";
    const string Pointer = "gitdir: ";

    /// <summary>The lock of the checkout that a folder lies in; null when there is none.</summary>
    public static FileInfo? Find(string folder) =>
        GitFolderOf(folder) is { } git && new FileInfo(Path.Combine(git, Name)) is { Exists: true } @lock ? @lock : null;

    static string? GitFolderOf(string folder)
    {
        for (var at = Path.GetFullPath(folder); at is not null; at = Path.GetDirectoryName(at))
        {
            var git = Path.Combine(at, ".git");
            if (Directory.Exists(git))
                return git;
            // In a work tree or submodule it is a file that says where the folder is.
            if (File.Exists(git))
                return File.ReadLines(git).FirstOrDefault() is { } line && line.StartsWith(Pointer, StringComparison.Ordinal)
                    ? Path.GetFullPath(line[Pointer.Length..].Trim(), at)
                    : null;
        }

        return null;
    }
}
