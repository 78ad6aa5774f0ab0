using Maintenance.EndToEnd.Tests.Harness;

namespace Maintenance.EndToEnd.Tests.Schedules;

/// <summary>A repository that somebody pushes to and a checkout of it that something pulls, by the real git.</summary>
sealed class GitCheckout(string folder)
{
    const string Git = "git -c user.name=author -c user.email=author@example.com";

    public string Folder => Path.Combine(folder, "checkout");

    public string SchedulesFile => Path.Combine(Folder, "schedules.json");

    public string Lock => Path.Combine(Folder, ".git", "index.lock");

    string Author => Path.Combine(folder, "author");

    /// <summary>A first commit, and its checkout.</summary>
    public async Task CreateAsync(IEnumerable<(string File, string Text)> files)
    {
        await Programs.BashAsync("git init -q --bare -b main origin.git; git clone -q origin.git author 2>&1; git -C author checkout -q -b main", folder);
        await PushAsync(files);
        await Programs.BashAsync("git clone -q -b main origin.git checkout", folder);
    }

    /// <summary>A commit of these files; a file without text goes.</summary>
    public async Task PushAsync(IEnumerable<(string File, string Text)> files)
    {
        foreach (var (file, text) in files)
        {
            var path = Path.Combine(Author, file);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            if (text.Length == 0)
                File.Delete(path);
            else
                File.WriteAllText(path, text);
            if (path.EndsWith(".sh", StringComparison.Ordinal) && !OperatingSystem.IsWindows())
                File.SetUnixFileMode(path, File.GetUnixFileMode(path) | UnixFileMode.UserExecute);
        }

        await Programs.BashAsync($"git add -A; {Git} commit -q -m 'a change'; git push -q origin main", Author);
    }

    /// <summary>Brings the newest commit into the checkout.</summary>
    /// <returns>Its name, as the product shows it.</returns>
    public async Task<string> PullAsync() => (await Programs.BashAsync("git pull -q --ff-only; git rev-parse --short=12 HEAD", Folder)).Trim();
}
