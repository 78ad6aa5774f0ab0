using Maintenance.Jobs.Bundles;
using Maintenance.Jobs.Runs;
using Maintenance.Records;
using Maintenance.Schedules;

namespace Maintenance.Jobs.Tests.Runs;

/// <summary>What the beginning of a run makes of its due time. Berlin repeats 02:30 on 2027-10-31: first at 00:30Z, then at 01:30Z.</summary>
public sealed class RunOccurrenceTests : IAsyncLifetime
{
    const string Spec = """{ "id": "night", "job": "gone", "cron": "30 2 * * *", "timeZone": "Europe/Berlin" }""";

    readonly string _folder = Directory.CreateTempSubdirectory("occurrence-").FullName;
    IRunStore _store = null!;

    public async ValueTask InitializeAsync()
    {
        _store = RunStores.Open(Path.Combine(_folder, "records.db"));
        await _store.MigrateAsync(CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData("2027-10-31T00:30:00Z", RunCause.Schedule, false)]
    [InlineData("2027-10-31T01:30:00Z", RunCause.Schedule, true)]
    [InlineData("2027-10-31T05:30:00Z", RunCause.Schedule, true)]
    [InlineData("2027-10-31T05:30:07Z", RunCause.Manual, false)]
    [InlineData("2027-06-15T05:30:00Z", RunCause.Manual, false)]
    public async Task A_start_near_a_clock_change_that_is_no_due_time_is_skipped(string nominal, RunCause cause, bool skipped)
    {
        var begun = await BeginAsync(nominal);

        Assert.Equal((cause, skipped), (begun.Cause, begun.Skip is not null));
    }

    [Theory]
    [InlineData("2027-10-31T01:30:00Z")]
    [InlineData("2027-10-31T05:30:00Z")]
    [InlineData("2027-06-15T05:30:00Z")]
    public async Task A_due_time_that_other_time_zone_data_has_listed_is_believed(string nominal)
    {
        var begun = await BeginAsync(nominal, (RunMemo.TimeZoneData, "1999z"));

        Assert.Equal((RunCause.Schedule, null, DateTimeOffset.Parse(nominal)), (begun.Cause, begun.Skip, begun.DueAt!.Value));
    }

    [Fact]
    public async Task A_list_made_by_the_same_time_zone_data_is_checked_all_the_same() =>
        Assert.NotNull((await BeginAsync("2027-10-31T01:30:00Z", (RunMemo.TimeZoneData, Zones.DataVersion))).Skip);

    Task<BeginResult> BeginAsync(string nominal, params (string Name, string Value)[] memo)
    {
        var dueAt = DateTimeOffset.Parse(nominal);
        var request = new BeginRequest
        {
            Job = "gone",
            RunId = "r1",
            WorkflowId = $"night-{nominal}",
            StartedAt = dueAt,
            DueAt = dueAt,
            Memo = memo.Append((RunMemo.Spec, Spec)).ToDictionary(m => m.Item1, m => m.Item2),
        };
        var options = new JobsOptions { StateFolder = _folder, HostId = "h1" };
        return new RunBeginning(options, _store, new BundleCache(Path.Combine(_folder, "cache"))).DecideAsync(request, CancellationToken.None);
    }
}
