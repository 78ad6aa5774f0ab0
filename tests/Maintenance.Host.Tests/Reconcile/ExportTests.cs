using System.Globalization;
using System.Text.Json.Nodes;
using Maintenance.Host.Cli;
using Maintenance.Host.Reconcile;
using Maintenance.Schedules;
using Temporal.Engine;
using Temporalio.Api.Enums.V1;
using Temporalio.Client;
using Temporalio.Client.Schedules;
using Temporalio.Common;

namespace Maintenance.Host.Tests.Reconcile;

/// <summary>Schedules that others made on a server: written down, and taken over when somebody says so.</summary>
public sealed class ExportTests : OnEngine
{
    public static TheoryData<string, ScheduleSpec> Specs => new()
    {
        {
            "calendars",
            new ScheduleSpec
            {
                Calendars =
                [
                    new() { Minute = [new(0, 45, 15)], Hour = [new(8, 17)], DayOfWeek = [new(1, 5)], Comment = "while people work" },
                    new() { Hour = [new(3)], DayOfMonth = [new(1), new(15, 17)], Month = [new(1, 12, 3)], Second = [new(30)], Year = [new(2026, 2090), new(2095)] },
                ],
                TimeZoneName = "Europe/Berlin",
            }
        },
        { "intervals", new ScheduleSpec { Intervals = [new(TimeSpan.FromHours(7), TimeSpan.FromMinutes(10)), new(TimeSpan.FromMinutes(90), TimeSpan.FromMinutes(10))] } },
        { "cron", new ScheduleSpec { CronExpressions = ["30 3 * * 1-5", "*/20 2 * * sun"], TimeZoneName = "America/New_York" } },
        { "cron of the server", new ScheduleSpec { CronExpressions = ["@hourly", "@every 45m/5m", "0 4 * * *"] } },
        { "began", new ScheduleSpec { Intervals = [new(TimeSpan.FromHours(1))], StartAt = new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc) } },
    };

    [Theory]
    [MemberData(nameof(Specs))]
    public async Task An_exported_schedule_is_due_when_the_servers_is_and_is_unchanged_once_adopted(string id, ScheduleSpec spec)
    {
        id = id.Replace(' ', '-');
        await CreateAsync(id, spec);
        var before = await Here.Client.GetScheduleHandle(id).DescribeAsync();

        var (exitCode, output, said) = await SayAsync("export", "--write");

        Assert.True((exitCode, output) == (ExitCode.Ok, id + "\n"), said);
        Assert.DoesNotContain("due time", said, StringComparison.Ordinal);
        var plan = await PlanAsync(id);
        Assert.Contains("- owner=(nobody of Maintenance)", Assert.Single(plan.Changes).Differences);
        Assert.False(PlanEffects.Of(plan, DateTimeOffset.UtcNow, 90).Changes[id].Any, "adopting changes no due time");
        await Here.Adopting(id).ApplyAsync(plan, CancellationToken.None);

        var after = await Here.Client.GetScheduleHandle(id).DescribeAsync();
        Assert.False((await Here.PlanAsync()).HasChanges);
        Assert.False((await Here.PlanAsync(drift: true)).HasChanges);
        Assert.Equal(before.Info.NextActionTimes.Take(5), after.Info.NextActionTimes.Take(5));
        Assert.Equal((true, "the disk is full"), (after.Schedule.State.Paused, after.Schedule.State.Note));
        Assert.Equal(before.Schedule.Policy, after.Schedule.Policy);
    }

    [Fact]
    public async Task What_else_a_schedule_says_goes_into_the_entry_or_is_told()
    {
        var start = ScheduleActionStartWorkflow.Create("backup", [new { database = "orders" }], new WorkflowOptions("theirs-run", "elsewhere")
        {
            RetryPolicy = new RetryPolicy { MaximumAttempts = 3 }, RunTimeout = TimeSpan.FromHours(1), Memo = new Dictionary<string, object> { ["team"] = "dba" },
        });
        await Here.Client.CreateScheduleAsync("theirs", new(start, new ScheduleSpec { Intervals = [new(TimeSpan.FromHours(1))], Jitter = TimeSpan.FromMinutes(2) })
        {
            Policy = new() { Overlap = ScheduleOverlapPolicy.TerminateOther, CatchupWindow = TimeSpan.FromMinutes(5), PauseOnFailure = true },
        });

        var (exitCode, output, said) = await SayAsync("export", "theirs", "--json");

        var one = JsonNode.Parse(output)![0]!;
        Assert.True(exitCode == ExitCode.Ok, said);
        Assert.Equal(
            """{"id":"theirs","job":"backup","every":"1h","input":{"database":"orders"},"overlap":"terminateOther","catchUp":"5m","jitter":"2m","pauseOnFailure":true}""",
            one["entry"]!.ToJsonString());
        Assert.Equal(
            ["task queue 'elsewhere'", "named 'theirs-run-TIME'", "retry policy", "time limit", "memo (team)"],
            one["notes"]!.AsArray().Zip(["task queue 'elsewhere'", "named 'theirs-run-TIME'", "retry policy", "time limit", "memo (team)"])
                .Where(pair => pair.First!.GetValue<string>().Contains(pair.Second, StringComparison.Ordinal)).Select(pair => pair.Second));
    }

    public static TheoryData<string, ScheduleSpec, ScheduleState?, string> NotExpressible => new()
    {
        { "skip", new ScheduleSpec { Intervals = [new(TimeSpan.FromHours(1))], Skip = [new() { Hour = [new(3)] }] }, null, "leaves out times" },
        { "end", new ScheduleSpec { Intervals = [new(TimeSpan.FromHours(1))], EndAt = new DateTime(2090, 1, 1, 0, 0, 0, DateTimeKind.Utc) }, null, "it ends at 2090-01-01" },
        { "start", new ScheduleSpec { Intervals = [new(TimeSpan.FromHours(1))], StartAt = new DateTime(2090, 1, 1, 0, 0, 0, DateTimeKind.Utc) }, null, "begins only at 2090" },
        { "limited", new ScheduleSpec { Intervals = [new(TimeSpan.FromHours(1))] }, new ScheduleState { LimitedActions = true, RemainingActions = 7 }, "ends after 7 more runs" },
        { "offsets", new ScheduleSpec { Intervals = [new(TimeSpan.FromHours(1)), new(TimeSpan.FromHours(2), TimeSpan.FromMinutes(1))] }, null, "different offsets" },
        { "never", new ScheduleSpec(), null, "never due" },
        { "-bad id-", new ScheduleSpec { Intervals = [new(TimeSpan.FromHours(1))] }, null, "as an entry it is refused" },
    };

    [Theory]
    [MemberData(nameof(NotExpressible))]
    public async Task What_an_entry_cannot_say_is_told_and_not_written(string id, ScheduleSpec spec, ScheduleState? state, string reason)
    {
        await CreateAsync(id, spec, state: state);

        var (exitCode, output, said) = await SayAsync("export", "--write");

        Assert.Equal((ExitCode.Failed, ""), (exitCode, output));
        Assert.Contains($"{id}: not exported: ", said, StringComparison.Ordinal);
        Assert.Contains(reason, said, StringComparison.Ordinal);
        Assert.False(File.Exists(Here.SchedulesFile));
    }

    [Fact]
    public async Task A_workflow_that_is_no_job_and_an_input_that_no_job_takes_are_told()
    {
        var hourly = new ScheduleSpec { Intervals = [new(TimeSpan.FromHours(1))] };
        await CreateAsync("foreign", hourly, "SomeWorkflow");
        await CreateAsync("two", hourly, arguments: ["a", "b"]);
        await CreateAsync("misfit", hourly, arguments: [new { size = 3 }], state: new ScheduleState());

        var (_, output, said) = await SayAsync("export", "--json");

        Assert.Equal(
            """[["foreign",true,"the workflow 'SomeWorkflow'"],["misfit",true,"its input does not fit the job"],["two",false,"does not take one JSON object"]]""",
            new JsonArray([.. JsonNode.Parse(output)!.AsArray().Zip(["the workflow 'SomeWorkflow'", "its input does not fit the job", "does not take one JSON object"]).Select(pair =>
                (JsonNode)new JsonArray(
                    pair.First!["id"]!.GetValue<string>(),
                    pair.First["entry"] is not null,
                    pair.First["refusals"]![0]!.GetValue<string>().Contains(pair.Second, StringComparison.Ordinal) ? pair.Second : said))]).ToJsonString(Readable));
    }

    [Fact]
    public async Task To_export_again_leaves_the_file_as_it_is_and_defaults_that_change_an_entry_are_told()
    {
        await CreateAsync("theirs", new ScheduleSpec { Intervals = [new(TimeSpan.FromHours(7))] });
        await File.WriteAllTextAsync(Here.SchedulesFile, """{ "defaults": { "startBy": "3h", "owner": "dba" }, "schedules": [] }""", TestContext.Current.CancellationToken);

        var first = await SayAsync("export", "--write");
        var text = await File.ReadAllTextAsync(Here.SchedulesFile, TestContext.Current.CancellationToken);
        var second = await SayAsync("export", "--write");

        Assert.Contains("theirs: the file's \"defaults\" change it: startBy", first.Errors, StringComparison.Ordinal);
        Assert.Equal((ExitCode.Ok, ""), (second.ExitCode, second.Output));
        Assert.Contains("has a schedule of that name already", second.Errors, StringComparison.Ordinal);
        Assert.Equal(text, await File.ReadAllTextAsync(Here.SchedulesFile, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Without_a_word_a_foreign_schedule_is_not_touched()
    {
        await CreateAsync("theirs", new ScheduleSpec { Intervals = [new(TimeSpan.FromHours(7))] });
        var before = await TemporalSchedules.CanonicalAsync((await Here.Client.GetScheduleHandle("theirs").DescribeAsync()).Schedule);
        Here.WriteSchedules(""" "id": "theirs", "every": "8h" """);

        var plan = await Here.PlanAsync();
        await Assert.ThrowsAsync<ReconcileRefusedException>(() => Here.Reconciler.ApplyAsync(plan, CancellationToken.None));
        Here.WriteSchedules();
        await Here.ApplyAsync();

        Assert.Contains("maintenance export theirs", Assert.Single(plan.Changes).Differences[0], StringComparison.Ordinal);
        Assert.Equal(before, await TemporalSchedules.CanonicalAsync((await Here.Client.GetScheduleHandle("theirs").DescribeAsync()).Schedule));
    }

    [Fact]
    public async Task A_schedule_goes_from_one_installation_to_another_and_only_its_owner_deletes_it()
    {
        await using var other = await Installation.CreateAsync(Engine.Address, "there");
        foreach (var installation in new[] { Here, other })
            installation.WriteSchedules(""" "id": "moving", "every": "7h" """);
        await other.ApplyAsync();

        var plan = await PlanAsync("moving");
        await Here.Adopting("moving").ApplyAsync(plan, CancellationToken.None);

        Assert.Contains("- owner=there", plan.Changes[0].Differences);
        Assert.True((await other.PlanAsync(drift: true)).HasRefused);
        other.WriteSchedules();
        await other.ApplyAsync();
        Assert.False((await other.PlanAsync()).HasChanges);
        Assert.False((await Here.PlanAsync(drift: true)).HasChanges);
        Here.WriteSchedules();
        Assert.Equal(ChangeKind.Delete, Assert.Single((await Here.ApplyAsync()).Changes).Kind);
        Assert.Null(await Planner.DescribeAsync(Here.Client, "moving", CancellationToken.None));
    }

    [Fact]
    public async Task A_pause_that_comes_while_a_schedule_is_adopted_stays()
    {
        using var server = new FakeScheduleServer();
        await using var here = await Installation.CreateAsync(server.Address);
        await CreateAsync("theirs", new ScheduleSpec { Intervals = [new(TimeSpan.FromHours(7))] }, client: here.Client, state: new ScheduleState { LimitedActions = true, RemainingActions = 3 });
        here.WriteSchedules(""" "id": "theirs", "every": "7h" """);
        var plan = await here.Adopting("theirs").PlanAsync(here.Load().Value!, drift: false, CancellationToken.None);
        server.BeforeUpdate = () =>
        {
            server.BeforeUpdate = null;
            server.Pause("theirs", "anna: not now");
        };

        await here.Adopting("theirs").ApplyAsync(plan, CancellationToken.None);

        var state = (await here.Client.GetScheduleHandle("theirs").DescribeAsync()).Schedule.State;
        Assert.Contains("- ends after=3 runs", plan.Changes[0].Differences);
        Assert.Equal((true, "anna: not now", false, 2), (state.Paused, state.Note, state.LimitedActions, server.Calls("UpdateSchedule")));
        Assert.False((await here.PlanAsync(drift: true)).HasChanges);
    }

    Task<ReconcilePlan> PlanAsync(string adopt)
    {
        var desired = Here.Load();
        Assert.True(desired.Ok, string.Join("\n", desired.Problems));
        return Here.Adopting(adopt).PlanAsync(desired.Value, drift: false, CancellationToken.None);
    }

    Task CreateAsync(
        string id, ScheduleSpec spec, string workflow = "backup", object?[]? arguments = null, ScheduleState? state = null, ITemporalClient? client = null) =>
        (client ?? Here.Client).CreateScheduleAsync(
            id,
            new(ScheduleActionStartWorkflow.Create(workflow, arguments ?? [new { database = "orders" }], new WorkflowOptions($"{id}-run", "elsewhere")), spec)
            {
                Policy = new() { Overlap = ScheduleOverlapPolicy.BufferOne, CatchupWindow = TimeSpan.FromHours(2) },
                State = state ?? new() { Paused = true, Note = "the disk is full" },
            });

    async Task<(int ExitCode, string Output, string Errors)> SayAsync(params string[] arguments)
    {
        var (output, errors) = (new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" }, new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" });
        var exitCode = await CommandLine.RunAsync(
            [.. arguments, "--schedules", Here.SchedulesFile, "--data", Path.Combine(Folder, "data"), "--temporal", Engine.Address], new Terminal(output, errors));
        return (exitCode, output.ToString(), errors.ToString());
    }

    static System.Text.Json.JsonSerializerOptions Readable { get; } = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
