using Maintenance.EndToEnd.Tests.Harness;

namespace Maintenance.EndToEnd.Tests.Schedules;

/// <summary>A checkout whose schedules change from commit to commit: some come, some go, some get another time, and the job's script is another one.</summary>
sealed class CheckedOut(Random random, string folder)
{
    const int Count = 220;
    const int Changed = 45;

    readonly SortedDictionary<string, int> _minutes = new(StringComparer.Ordinal);
    int _made;
    int _commits;

    /// <summary>The minute of each schedule of the files.</summary>
    public IReadOnlyDictionary<string, int> Minutes => _minutes;

    public string SchedulesFile => Path.Combine(folder, "schedules.json");

    /// <summary>Writes the next state of the files.</summary>
    /// <returns>The schedules that it takes away.</returns>
    public IReadOnlyList<string> Commit()
    {
        var gone = _commits++ == 0 ? [] : Pick(Changed);
        foreach (var id in gone)
            _minutes.Remove(id);
        foreach (var id in Pick(Math.Min(Changed, _minutes.Count)))
            _minutes[id] = (_minutes[id] + random.Next(1, 59)) % 60;
        while (_minutes.Count < Count)
            _minutes[$"s-{_made++:0000}"] = random.Next(60);
        Write();
        return gone;
    }

    public IReadOnlyList<string> Pick(int count) => [.. _minutes.Keys.OrderBy(_ => random.Next()).Take(count)];

    /// <summary>Due on leap days only, so that nothing runs meanwhile.</summary>
    void Write()
    {
        var job = Directory.CreateDirectory(Path.Combine(folder, "jobs", "work")).FullName;
        File.WriteAllText(Path.Combine(job, "job.json"), """{ "steps": [ { "name": "only", "run": "work.sh" } ] }""");
        File.WriteAllText(Path.Combine(job, "work.sh"), $"#!/bin/sh\necho commit {_commits}\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(Path.Combine(job, "work.sh"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var entries = _minutes.Select(s => $$"""{ "id": "{{s.Key}}", "job": "work", "cron": "{{s.Value}} 4 29 2 *" }""");
        File.WriteAllText(SchedulesFile, $$"""{ "timeZone": "UTC", "schedules": [ {{string.Join(",\n", entries)}} ] }""");
    }
}
