using System.Collections.Concurrent;

namespace Temporal.Engine.Schedules;

/// <summary>
/// The machine's IANA time zones by name. Each file is read once in the life of the process: a new edition of the database
/// takes effect with the next start, for all schedules at the same moment.
/// </summary>
static class ZoneDatabase
{
    static readonly ConcurrentDictionary<string, Zone> Zones = new(StringComparer.Ordinal) { [""] = Zone.Utc, ["UTC"] = Zone.Utc };

    static readonly string[] Folders =
        [.. new[]
        {
            Environment.GetEnvironmentVariable("TZDIR"), "/usr/share/zoneinfo", "/usr/lib/zoneinfo", "/usr/share/lib/zoneinfo",
            "/etc/zoneinfo",
        }
            .Where(folder => !string.IsNullOrEmpty(folder))
            .Select(folder => folder!)];

    public static Zone Find(string name)
    {
        if (Zones.TryGetValue(name, out var zone))
            return zone;
        // The name becomes part of a path.
        if (name.Contains("..", StringComparison.Ordinal) || name[0] is '/' or '\\' || name.Contains('\0', StringComparison.Ordinal))
            throw new InvalidSpecException("time: invalid location name");
        foreach (var folder in Folders)
        {
            var path = Path.Combine(folder, name);
            if (File.Exists(path))
                return Zones.GetOrAdd(name, ZoneFile.Read(File.ReadAllBytes(path)));
        }

        throw new InvalidSpecException($"unknown time zone {name}");
    }
}
