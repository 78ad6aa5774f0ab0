using System.Security.Cryptography;
using System.Text;
using Maintenance.Host.Settings;

namespace Maintenance.Host.Runtime;

/// <summary>
/// The files that decide what is applied, as a short text that differs when one of them was changed, replaced, added or removed.
/// Which files these are is known only after reading them, because the schedules include others.
/// </summary>
sealed class WatchedFiles(HostSettings settings)
{
    static readonly EnumerationOptions _jobs = new() { RecurseSubdirectories = true, MaxRecursionDepth = 2 };

    /// <summary>The way to read them.</summary>
    public DiskTexts Texts { get; } = new();

    /// <summary>As they are now.</summary>
    public string Now() => Hash(Texts.StampsNow, Jobs());

    /// <summary>As they were when they were read.</summary>
    /// <param name="jobs"><see cref="Jobs"/>, taken before the jobs were read.</param>
    public string AsRead(string jobs) => Hash(Texts.Stamps, jobs);

    public string Jobs() => Directory.Exists(settings.JobsDirectory)
        ? string.Join('\n', Directory.EnumerateFiles(settings.JobsDirectory, "*", _jobs).Order(StringComparer.Ordinal).Select(Look))
        : "";

    /// <summary>A file of schedules is read for it: one that replaces another may have its length and its time.</summary>
    public static string Stamp(string path)
    {
        if (Directory.Exists(path))
            return $"{path}/ {string.Join(' ', Directory.EnumerateFiles(path).Order(StringComparer.Ordinal).Select(Look))}";
        try
        {
            using var file = File.OpenRead(path);
            return $"{path} {Convert.ToHexString(SHA256.HashData(file))}";
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return Look(path);
        }
    }

    /// <summary>Jobs may have many and large files, which are only looked at.</summary>
    static string Look(string path)
    {
        var info = new FileInfo(path);
        // With the mode: a script that became executable was mended.
        return info.Exists ? $"{path} {info.Length} {info.LastWriteTimeUtc.Ticks} {info.UnixFileMode}" : $"{path} -";
    }

    static string Hash(IEnumerable<string> stamps, string jobs) =>
        Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes($"{string.Join('\n', stamps)}\n{jobs}")));
}
