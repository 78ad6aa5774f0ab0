using System.Globalization;
using System.Text.Json;
using Maintenance.EndToEnd.Tests.Harness;

namespace Maintenance.EndToEnd.Tests.Schedules;

/// <summary>The package with the time zones is replaced on a machine that works: noticed, shown, applied, and no due time is lost or runs twice.</summary>
public sealed class TimeZoneDataTests
{
    const int Every = 10;

    static readonly TimeSpan Soon = TimeSpan.FromSeconds(90);

    readonly DateTimeOffset _zoneNow = DateTimeOffset.UtcNow.ToOffset(TimeSpan.FromHours(1));

    [Fact, Trait("Category", "Long")]
    public Task Replaced_data_is_noticed_at_once_shown_by_plan_and_applied_by_a_restart() => ReplaceAsync(applyBefore: false);

    /// <summary>As a pipeline does on a machine that was updated, before the service is restarted: the server's list is newer than the worker.</summary>
    [Fact, Trait("Category", "Long")]
    public Task Replaced_data_is_applied_by_hand_while_the_worker_goes_by_the_old_one() => ReplaceAsync(applyBefore: true);

    async Task ReplaceAsync(bool applyBefore)
    {
        await using var there = new Installation();
        var zones = new ZoneTrees(Directory.CreateDirectory(there.Path("zones")).FullName);
        // The hour after the present one is that of the change in some days, so these are times that a server is not trusted with.
        var hour = Math.Clamp(_zoneNow.Hour + 1, 1, 22);
        await zones.CreateAsync(DateOnly.FromDateTime(_zoneNow.DateTime), hour);
        there.Environment["TZDIR"] = zones.Current;
        there.Job("work", """{ "steps": [ { "name": "only", "run": "work.sh" } ] }""", ("work.sh", "#!/bin/sh\n"));
        there.Schedules(
            $$"""
            { "id": "often", "job": "work", "timeZone": "{{ZoneTrees.Zone}}", "overlap": "allowAll", "onCalendar": "{{Math.Min(_zoneNow.Hour, hour - 1)}}..{{Math.Min(hour + 1, 23)}}:0..59:0/{{Every}}" },
            { "id": "in-the-gap", "job": "work", "timeZone": "{{ZoneTrees.Zone}}", "cron": "30 {{hour}} * * *" }
            """);

        await there.StartAsync();
        await RanAsync(there, 2);
        await zones.SwitchToAsync(ZoneTrees.Second);
        await Eventually.TrueAsync(
            "status tells of the new data", Soon, async () => (await there.CommandAsync("status")).Output.Contains($"is now {ZoneTrees.Second}, and this process goes by {ZoneTrees.First}", StringComparison.Ordinal),
            () => there.Up!.Said);
        await AssertPlanShowsItAsync(there);
        if (applyBefore)
        {
            var applied = await there.CommandAsync("apply");
            Assert.True(applied.ExitCode == 0, applied.ToString());
        }

        await RanAsync(there, await CountAsync(there) + 2);
        Assert.Equal(ZoneTrees.First, await VersionOfNewestAsync(there));
        await there.Up!.KillAsync();
        await there.StartAsync();
        await RanAsync(there, await CountAsync(there) + 2);

        Assert.Equal(ZoneTrees.Second, await VersionOfNewestAsync(there));
        await AssertAllRanOnceAsync(there);
        var plan = await there.CommandAsync("plan");
        Assert.True(plan.ExitCode == 0, plan.ToString());
        Assert.DoesNotContain("time zone data of", (await there.CommandAsync("status")).Output);
    }

    /// <summary>What was due on the day of the change is due an hour later or earlier by the new rules, and the plan says so with both versions.</summary>
    static async Task AssertPlanShowsItAsync(Installation there)
    {
        var plan = await there.CommandAsync("plan");
        Assert.True(plan.ExitCode == 2, plan.ToString());
        Assert.Contains($"time zone data {ZoneTrees.First} → {ZoneTrees.Second}", plan.Output);
        var json = JsonDocument.Parse((await there.CommandAsync("plan", "--json")).Output).RootElement;
        Assert.Equal(ZoneTrees.Second, json.GetProperty("timeZoneData").GetProperty("now").GetString());
        foreach (var change in json.GetProperty("changes").EnumerateArray())
        {
            var effect = change.GetProperty("effect");
            Assert.True(effect.GetProperty("added").GetInt32() > 0 && effect.GetProperty("removed").GetInt32() > 0, change.ToString());
        }
    }

    static async Task<List<JsonElement>> RowsAsync(Installation there) =>
        [.. (await there.JsonAsync("ledger", "often", "--since", "1h", "-n", "10000")).GetProperty("rows").EnumerateArray()];

    static async Task<int> CountAsync(Installation there) => (await RowsAsync(there)).Count(Ran);

    static bool Ran(JsonElement row) => row.GetProperty("status").GetString() is "ran" or "ranLate";

    static Task RanAsync(Installation there, int count) =>
        Eventually.TrueAsync($"{count} due times ran", Soon * 2, async () => await CountAsync(there) >= count, () => there.Up!.Said);

    static async Task<string?> VersionOfNewestAsync(Installation there)
    {
        var run = (await RowsAsync(there)).Last(Ran).GetProperty("run").GetString()!;
        return (await there.JsonAsync("show", run)).GetProperty("timeZoneVersion").GetString();
    }

    /// <summary>From the first due time to the last that is decided: each ten seconds one row with a run of its own.</summary>
    static async Task AssertAllRanOnceAsync(Installation there)
    {
        var rows = (await RowsAsync(there)).TakeWhile(row => row.GetProperty("status").GetString() is not ("due" or "running")).ToList();
        var times = rows.Select(row => DateTimeOffset.Parse(row.GetProperty("dueAt").GetString()!, CultureInfo.InvariantCulture)).ToList();
        var story = string.Join('\n', rows);
        Assert.True(rows.Count > 5 && rows.All(Ran), story);
        Assert.True(times.Zip(times.Skip(1)).All(pair => pair.Second - pair.First == TimeSpan.FromSeconds(Every)), story);
        Assert.True(rows.Select(row => row.GetProperty("run").GetString()).Distinct().Count() == rows.Count, story);
    }
}
