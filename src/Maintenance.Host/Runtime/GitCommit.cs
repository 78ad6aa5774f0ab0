using System.ComponentModel;
using System.Diagnostics;

namespace Maintenance.Host.Runtime;

/// <summary>Which commit the files of a folder are from.</summary>
static class GitCommit
{
    /// <summary>Twelve digits, with <c>+changes</c> when files differ from the commit; null outside git.</summary>
    public static async Task<string?> OfAsync(string folder, CancellationToken cancellationToken)
    {
        if (await GitAsync(folder, ["rev-parse", "--short=12", "HEAD"], cancellationToken) is not { } commit)
            return null;
        // Without the lock that it would take to note what it saw: a pull at the same moment would fail on it.
        var changes = await GitAsync(folder, ["--no-optional-locks", "status", "--porcelain", "--", "."], cancellationToken);
        return changes is { Length: > 0 } ? commit + "+changes" : commit;
    }

    static async Task<string?> GitAsync(string folder, string[] arguments, CancellationToken cancellationToken)
    {
        try
        {
            using var git = Process.Start(new ProcessStartInfo("git", arguments)
            {
                WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true,
            })!;
            var errors = git.StandardError.ReadToEndAsync(cancellationToken);
            var output = await git.StandardOutput.ReadToEndAsync(cancellationToken);
            await errors;
            await git.WaitForExitAsync(cancellationToken);
            return git.ExitCode == 0 ? output.Trim() : null;
        }
        catch (Win32Exception)
        {
            // No git on this machine: then there is no commit to name.
            return null;
        }
    }
}
