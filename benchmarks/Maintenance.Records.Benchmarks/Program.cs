using System.Diagnostics;
using Dapper;
using Maintenance.Records;
using Microsoft.Data.Sqlite;
using Npgsql;

// How quick the record store is when it is full.
//   dotnet run -c Release --project benchmarks/Maintenance.Records.Benchmarks -- PATH-OR-CONNECTION [RUNS]
// An empty store is filled with RUNS runs (100,000 unless told) by plain SQL; then it is measured through IRunStore.
var place = args.ElementAtOrDefault(0) ?? Path.Combine(Directory.CreateTempSubdirectory("records-bench-").FullName, "records.db");
var runs = int.Parse(args.ElementAtOrDefault(1) ?? "100000");
await using var store = RunStores.Open(place);
await store.MigrateAsync(default);
var isPostgres = store.Description.StartsWith("Postgres", StringComparison.Ordinal);
Console.WriteLine($"{store.Description}, {runs} runs");
if ((await store.ListRunsAsync(new() { Limit = 1 }, default)).Runs.Count == 0)
    await FillAsync();

var newest = DateTimeOffset.UnixEpoch.AddSeconds(1_700_000_000 + runs * 60L);
var deep = await store.ListRunsAsync(new() { Until = newest.AddSeconds(-runs * 30L), Limit = 1 }, default);
await MeasureAsync("list, newest 50", 300, _ => store.ListRunsAsync(new(), default));
await MeasureAsync("list, middle of the table", 300, _ => store.ListRunsAsync(new() { After = deep.Next }, default));
await MeasureAsync("list, one job", 300, i => store.ListRunsAsync(new() { Job = $"job-{i % 50}" }, default));
await MeasureAsync("list, failed", 300, _ => store.ListRunsAsync(new() { Status = RunStatus.Failed }, default));
await MeasureAsync("list, one job, failed", 300, i => store.ListRunsAsync(new() { Job = $"job-{i % 50}", Status = RunStatus.Failed }, default));
await MeasureAsync("list, page before the middle", 300, _ => store.ListRunsAsync(new() { Before = deep.Next }, default));
await MeasureAsync("list, one job, page in its middle", 300, i => store.ListRunsAsync(new() { Job = "job-0", After = deep.Next }, default));
await MeasureAsync("list, a rare status", 300, _ => store.ListRunsAsync(new() { Status = RunStatus.TimedOut }, default));
await MeasureAsync("list, a status that nobody has", 300, _ => store.ListRunsAsync(new() { Status = RunStatus.Terminated }, default));
await MeasureAsync("list, busy schedule, a rare status", 300, _ => store.ListRunsAsync(new() { ScheduleId = "schedule-0", Status = RunStatus.TimedOut }, default));
await MeasureAsync("list, busy job, a rare status", 300, _ => store.ListRunsAsync(new() { Job = "job-0", Status = RunStatus.TimedOut }, default));
await MeasureAsync("list, a job without runs", 300, _ => store.ListRunsAsync(new() { Job = "nobody" }, default));
await MeasureAsync("list, one day in the middle, 1000", 100, _ => store.ListRunsAsync(new() { Since = newest.AddSeconds(-runs * 30L), Until = newest.AddSeconds(-runs * 30L + 86400), Limit = 1000 }, default));
await MeasureAsync("list, one schedule, a week", 300, i => store.ListRunsAsync(new() { ScheduleId = $"schedule-{i % 200}", Since = newest.AddDays(-7) }, default));
await MeasureAsync("find by prefix", 300, i => store.FindRunAsync($"run-{Spread(i):D9}", default));
await MeasureAsync("find by workflow id", 300, i => store.FindRunAsync($"wf-{Spread(i)}", default));
await MeasureAsync("show (run with step and attempt)", 300, i => store.GetRunAsync($"run-{Spread(i):D9}", default));

var before = await WritingTransactionsAsync();
await MeasureAsync("open", 1000, i => store.OpenRunAsync(Run(i) with { Status = RunStatus.Running, FinishedAt = null }, default));
await MeasureAsync("finish (3 steps, 4 messages)", 1000, i => store.FinishRunAsync(Run(i), Messages(i), default));
if (isPostgres)
    Console.WriteLine($"writing transactions per open and finish: {(await WritingTransactionsAsync() - before) / 1010.0:0.00}");
await MeasureAsync("20 finishes at once", 20, i => Task.WhenAll(Enumerable.Range(0, 20).Select(j => Task.Run(() => store.FinishRunAsync(Run(1000 + i * 20 + j), [], default)))));

// Rows from all over the table, so that the cache does not flatter.
int Spread(int i) => 1 + (int)(i * 7919L % runs);

static async Task MeasureAsync(string what, int times, Func<int, Task> action)
{
    for (var i = 0; i < 10; i++)
        await action(i);
    var samples = new List<double>(times);
    var processor = Process.GetCurrentProcess().TotalProcessorTime;
    for (var i = 0; i < times; i++)
    {
        var clock = Stopwatch.GetTimestamp();
        await action(i);
        samples.Add(Stopwatch.GetElapsedTime(clock).TotalMilliseconds);
    }

    processor = Process.GetCurrentProcess().TotalProcessorTime - processor;
    samples.Sort();
    Console.WriteLine($"{what,-36} p50 {samples[times / 2],8:0.00} ms   p99 {samples[times * 99 / 100],8:0.00} ms   own processor {processor.TotalMilliseconds / times,6:0.00} ms");
}

static RunRecord Run(int i)
{
    var start = DateTimeOffset.UnixEpoch.AddSeconds(1_900_000_000 + i);
    return new()
    {
        RunId = $"new-{i:D9}",
        WorkflowId = $"wf-{i}",
        Job = "job-1",
        Cause = RunCause.Schedule,
        Status = RunStatus.Succeeded,
        StartedAt = start,
        FinishedAt = start.AddSeconds(3),
        Steps = [.. Enumerable.Range(1, 3).Select(position => new StepRecord
        {
            Position = position,
            Name = $"step-{position}",
            Kind = "run",
            Status = StepStatus.Succeeded,
            StartedAt = start,
            FinishedAt = start.AddSeconds(1),
            Outputs = new Dictionary<string, string> { ["rows"] = "12" },
            Attempts = [new()
            {
                Number = 1,
                ActivityId = $"step-{position}/1",
                Outcome = AttemptOutcome.Succeeded,
                ExitCode = 0,
                StartedAt = start,
                FinishedAt = start.AddSeconds(1),
                Output = new() { Head = new('x', 2000), TotalBytes = 2000 },
            }],
        })],
    };
}

static OutboxMessage[] Messages(int i) => [.. Enumerable.Range(1, 4).Select(sequence => new OutboxMessage
{
    Id = $"m-{i}-{sequence}",
    RunId = $"new-{i:D9}",
    Target = "seq",
    Sequence = sequence,
    Kind = "step-finished",
    PayloadJson = "{\"@t\":\"2026-01-01T00:00:00Z\",\"@mt\":\"x\"}",
    CreatedAt = DateTimeOffset.UnixEpoch,
})];

// Only transactions that write get a number.
async Task<long> WritingTransactionsAsync()
{
    if (!isPostgres)
        return 0;
    await using var connection = new NpgsqlConnection(place);
    return await connection.ExecuteScalarAsync<long>("select pg_snapshot_xmax(pg_current_snapshot())::text::bigint");
}

async Task FillAsync()
{
    var (series, time, text) = isPostgres
        ? ($"generate_series(1, {runs}) as n", "to_timestamp(1700000000 + n * 60)", "lpad(n::text, 9, '0')")
        : ($"(with recursive s(n) as (select 1 union all select n + 1 from s where n < {runs}) select n from s)", "(1700000000 + n * 60) * 1000000", "printf('%09d', n)");
    var later = isPostgres ? "to_timestamp(1700000030 + n * 60)" : "(1700000030 + n * 60) * 1000000";
    // Every second run is of one job and schedule: the busy one of every installation.
    const string busy = "case when n % 2 = 0 then 0 else ";
    var no = isPostgres ? "false" : "0";
    string[] statements =
    [
        $"""
        insert into run (run_id, workflow_id, job, installation, schedule_id, cause, requester_verified, status, started_at, finished_at, input, outputs)
        select 'run-' || {text}, 'wf-' || n, 'job-' || {busy}(n % 50) end, 'default', 'schedule-' || {busy}(n % 200) end, 'schedule', {no},
            case when n % 97 = 0 then 'failed' when n % 9973 = 0 then 'timed_out' when n % 19 = 0 then 'skipped' else 'succeeded' end, {time}, {later}, '{"{}"}', '{"{}"}'
        from {series}
        """,
        $"""
        insert into step (run_id, position, name, kind, part, status, started_at, finished_at, outputs)
        select 'run-' || {text}, 1, 'step', 'run', 'main', 'succeeded', {time}, {later}, '{"{}"}'
        from {series}
        """,
        $"""
        insert into attempt (run_id, position, number, execution_run_id, activity_id, outcome, exit_code, exit_unsure, recovery, containment)
        select 'run-' || {text}, 1, 1, 'run-' || {text}, 'step/1', 'succeeded', 0, {no}, 'started', 'cgroup'
        from {series}
        """,
        "analyze",
    ];
    await using System.Data.Common.DbConnection connection = isPostgres ? new NpgsqlConnection(place) : new SqliteConnection($"Data Source={place}");
    foreach (var statement in statements)
        await connection.ExecuteAsync(statement, commandTimeout: 600, commandType: System.Data.CommandType.Text);
}
