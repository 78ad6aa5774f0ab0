using System.Collections.Concurrent;

namespace Maintenance.Schedules;

/// <summary>
/// The time zones of this machine by IANA name. Reading tz data is the one thing in this project that touches the machine, as it is
/// with the framework's own time zones; each zone is read once and never again while the process lives.
/// </summary>
public static class Zones
{
    static readonly ConcurrentDictionary<string, Zone?> _zones = new(StringComparer.Ordinal);
    static readonly Lazy<string?> _folder = new(FindFolder);
    static readonly Lazy<IReadOnlyList<string>> _names = new(ListNames);
    static readonly Lazy<string> _version = new(ReadVersion);

    // Not zones of the tz database: copies with other rules about leap seconds, and files for the C library.
    static readonly string[] _notZones = ["posix/", "right/", "localtime", "posixrules", "Factory"];

    /// <summary>Of the tz database, such as 2026a; "unknown" where the machine does not say.</summary>
    public static string DataVersion => _version.Value;

    /// <summary>
    /// As <see cref="DataVersion"/>, read anew: another one means that the package was replaced since, and counts from the next start.
    /// </summary>
    public static string DataVersionOnDisk => ReadVersion();

    public static IReadOnlyList<string> Names => _names.Value;

    /// <summary>Null when there is no such zone on this machine.</summary>
    public static Zone? Find(string id) => id == "UTC" ? Zone.Utc : _zones.GetOrAdd(id, Load);

    public static Zone Get(string id) => Find(id) ?? throw new ArgumentException(Unknown(id), nameof(id));

    public static string Unknown(string id) => _folder.Value is null
        ? $"'{id}' cannot be looked up: this machine has no time zone data (install the package tzdata); only UTC works."
        : $"'{id}' is not a time zone known on this machine.";

    public static string Suggestion(string id)
    {
        var place = id[(id.LastIndexOf('/') + 1)..];
        var near = Names.FirstOrDefault(n => string.Equals(n, id, StringComparison.OrdinalIgnoreCase))
            ?? Names.FirstOrDefault(n => n.EndsWith("/" + place.Replace(' ', '_'), StringComparison.OrdinalIgnoreCase))
            ?? NearestName.Of(id, Names);
        return near is null ? "Use an IANA name such as Europe/Berlin, America/New_York or UTC." : $"Did you mean '{near}'?";
    }

    static Zone? Load(string id)
    {
        if (_folder.Value is not { } folder || !IsName(id))
            return null;
        var path = Path.Combine(folder, id);
        return File.Exists(path) && IsZoneFile(path) ? ZoneFile.Read(id, File.ReadAllBytes(path)) : null;
    }

    /// <summary>Also keeps the name from leaving the folder.</summary>
    static bool IsName(string id) =>
        id.Length is > 0 and < 100
        && id.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '_' or '-' or '+')
        && char.IsAsciiLetterUpper(id[0])
        && !_notZones.Any(n => id.StartsWith(n, StringComparison.Ordinal));

    static bool IsZoneFile(string path)
    {
        Span<byte> magic = stackalloc byte[4];
        using var file = File.OpenRead(path);
        return file.ReadAtLeast(magic, 4, throwOnEndOfStream: false) == 4 && magic.SequenceEqual("TZif"u8);
    }

    static string? FindFolder()
    {
        string?[] places =
        [
            Environment.GetEnvironmentVariable("TZDIR"), "/usr/share/zoneinfo", "/usr/lib/zoneinfo", "/usr/share/lib/zoneinfo",
        ];
        return Array.Find(places, p => !string.IsNullOrEmpty(p) && Directory.Exists(p));
    }

    static string[] ListNames()
    {
        if (_folder.Value is not { } folder)
            return ["UTC"];
        return [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Select(f => Path.GetRelativePath(folder, f))
            .Where(n => IsName(n) && IsZoneFile(Path.Combine(folder, n)))
            .Order(StringComparer.Ordinal)];
    }

    static string ReadVersion()
    {
        if (_folder.Value is not { } folder)
            return "none";
        var list = Path.Combine(folder, "tzdata.zi");
        var first = File.Exists(list) ? File.ReadLines(list).FirstOrDefault() ?? "" : "";
        if (first.StartsWith("# version ", StringComparison.Ordinal))
            return first["# version ".Length..].Trim();
        var plain = Path.Combine(folder, "+VERSION");
        return File.Exists(plain) ? File.ReadAllText(plain).Trim() : "unknown";
    }
}
