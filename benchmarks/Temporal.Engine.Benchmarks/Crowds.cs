using System.Diagnostics;
using Maintenance.Benchmarks;
using Microsoft.Data.Sqlite;
using Temporalio.Client;
using Temporalio.Client.Schedules;
using Temporalio.Worker;

namespace Temporal.Engine.Benchmarks;

/// <summary>Many of something: schedules due together, things that wait, histories, closed workflows.</summary>
sealed class Crowds(MeasuredServer server, TemporalClient client)
{
    static readonly ParallelOptions Callers = new() { MaxDegreeOfParallelism = 32 };

    public async Task SchedulesTogetherAsync(int count)
    {
        var due = DateTimeOffset.FromUnixTimeSeconds(DateTimeOffset.UtcNow.ToUnixTimeSeconds() + 5 + (count / 50));
        var prefix = $"together-{Guid.NewGuid():N}";
        await Parallel.ForEachAsync(Enumerable.Range(0, count), Callers, async (n, _) => await client.CreateScheduleAsync($"{prefix}-{n}", new(
            ScheduleActionStartWorkflow.Create((EmptyWorkflow workflow) => workflow.RunAsync(), new($"{prefix}-{n}", prefix)),
            new() { Calendars = [At(due)] })));
        if (DateTimeOffset.UtcNow > due)
            throw new InvalidOperationException("the schedules were created too slowly to be due together");
        using var pause = new PeriodicTimer(TimeSpan.FromSeconds(1));
        var starts = new List<double>();
        for (var limit = due.AddMinutes(2); starts.Count < count && DateTimeOffset.UtcNow < limit; await pause.WaitForNextTickAsync())
        {
            starts.Clear();
            await foreach (var run in client.ListWorkflowsAsync($"WorkflowType = 'EmptyWorkflow' and TaskQueue = '{prefix}'"))
                starts.Add((run.StartTime - due.UtcDateTime).TotalMilliseconds);
        }

        starts.Sort();
        Say($"{count} schedules on one second, start behind the due time",
            $"p50 {starts[starts.Count / 2]:0} ms, p99 {starts[(int)(starts.Count * 0.99)]:0} ms, latest {starts[^1]:0} ms (n={starts.Count})");
    }

    /// <summary>Workflows that wait and schedules that are not due: memory, and a restart after kill -9 with them.</summary>
    public async Task WaitingAsync(int count)
    {
        var queue = $"waiting-{Guid.NewGuid():N}";
        var before = ProcessUse.ResidentMb(server.Pid);
        using (var worker = new TemporalWorker(client, new TemporalWorkerOptions(queue) { MaxCachedWorkflows = 100 }.AddWorkflow<WaitingWorkflow>()))
        {
            await worker.ExecuteAsync(() => StartWaitingAsync(queue, count));
        }

        // The engine gives memory back when nothing has happened for ten seconds.
        await Task.Delay(TimeSpan.FromSeconds(15), TimeProvider.System);
        var live = ProcessUse.ResidentMb(server.Pid);
        Say($"memory: before, with {count} waiting workflows", $"{before:0} MB, {live:0} MB: {(live - before) * 1024 / count:0.0} KB each");
        await RestartAsync(queue, $"{count} waiting workflows", count, before);
        await CreateIdleSchedulesAsync(count);
        Say($"memory: with {count} idle schedules too", $"{ProcessUse.ResidentMb(server.Pid):0} MB");
        await RestartAsync(queue, $"{count} waiting workflows and {count} idle schedules", count, before);
    }

    async Task StartWaitingAsync(string queue, int count)
    {
        await Parallel.ForEachAsync(Enumerable.Range(0, count), Callers, async (n, _) =>
            await client.StartWorkflowAsync((WaitingWorkflow workflow) => workflow.RunAsync(), new($"{queue}-{n}", queue)));
        await Parallel.ForEachAsync(Enumerable.Range(0, count), Callers, async (n, _) =>
        {
            var handle = client.GetWorkflowHandle($"{queue}-{n}");
            // Its first task is done when it has seen this.
            await handle.SignalAsync("Go", [$"{queue}-{n}-first"]);
            await Arrivals.WhenAsync($"{queue}-{n}-first");
        });
    }

    async Task RestartAsync(string queue, string with, int count, double before)
    {
        await server.KillAsync();
        var ready = await server.StartProcessAsync();
        var processor = server.ProcessorMs;
        await Task.Delay(TimeSpan.FromSeconds(2), TimeProvider.System);
        var memory = ProcessUse.ResidentMb(server.Pid);
        Say($"start after kill -9 with {with}", $"ready {ready.TotalMilliseconds:0} ms ({processor:0} ms of processor), {memory:0} MB: {(memory - before) * 1024 / count:0.0} KB each over a new engine");
        var again = await server.ConnectAsync();
        using var worker = new TemporalWorker(again, new TemporalWorkerOptions(queue).AddWorkflow<WaitingWorkflow>());
        await worker.ExecuteAsync(async () =>
        {
            var name = $"resumed-{Guid.NewGuid():N}";
            var sent = Stopwatch.GetTimestamp();
            await again.GetWorkflowHandle($"{queue}-0").SignalAsync("Go", [name]);
            Say("  first step resumed, signal to reaction", $"{Stopwatch.GetElapsedTime(sent, await Arrivals.WhenAsync(name)).TotalMilliseconds:0} ms");
        });
    }

    async Task CreateIdleSchedulesAsync(int count)
    {
        var again = await server.ConnectAsync();
        await Parallel.ForEachAsync(Enumerable.Range(0, count), Callers, async (n, _) => await again.CreateScheduleAsync($"idle-{n}", new(
            ScheduleActionStartWorkflow.Create((EmptyWorkflow workflow) => workflow.RunAsync(), new($"idle-{n}", "idle")), new() { CronExpressions = ["0 0 1 1 *"] })));
    }

    public async Task HistoryPagesAsync(int events)
    {
        var handle = await client.StartWorkflowAsync((WaitingWorkflow workflow) => workflow.RunAsync(), new($"history-{Guid.NewGuid():N}", "nobody"));
        for (var n = 0; n < events - 2; n++)
            await handle.SignalAsync("Go", ["x"]);
        var times = new List<double>();
        for (var pass = 0; pass < 5; pass++)
        {
            var token = Google.Protobuf.ByteString.Empty;
            do
            {
                var begin = Stopwatch.GetTimestamp();
                var page = await client.WorkflowService.GetWorkflowExecutionHistoryAsync(new()
                {
                    Namespace = "default", Execution = new() { WorkflowId = handle.Id }, MaximumPageSize = 1_000, NextPageToken = token,
                });
                times.Add(Stopwatch.GetElapsedTime(begin).TotalMilliseconds);
                token = page.NextPageToken;
            }
            while (!token.IsEmpty);
        }

        Say($"a page of a history of {events} events, {events * 5 / times.Count} events each", Summary.Of(times));
    }

    /// <summary>Closed workflows written into the stopped engine's database as copies of one that ran.</summary>
    public async Task ListAsync(int count)
    {
        var handle = await client.StartWorkflowAsync((EmptyWorkflow workflow) => workflow.RunAsync(), new($"closed-{Guid.NewGuid():N}", "nobody"));
        await handle.TerminateAsync();
        await server.KillAsync();
        CopyClosed(handle.Id, count);
        var ready = await server.StartProcessAsync();
        var again = await server.ConnectAsync();
        Say($"start with {count} closed workflows", $"{ready.TotalMilliseconds:0} ms, {new FileInfo(server.Database).Length >> 20} MB file");
        foreach (var query in new[] { "", "ExecutionStatus = 'Terminated'", "WorkflowType = 'EmptyWorkflow'", "WorkflowId = 'copy-77777'" })
        {
            var times = new List<double>();
            var token = Google.Protobuf.ByteString.Empty;
            var processor = 0.0;
            for (var page = 0; page < 210; page++)
            {
                if (page == 10)
                    processor = server.ProcessorMs;
                var begin = Stopwatch.GetTimestamp();
                var answer = await again.WorkflowService.ListWorkflowExecutionsAsync(new() { Namespace = "default", Query = query, PageSize = 100, NextPageToken = token });
                if (page >= 10)
                    times.Add(Stopwatch.GetElapsedTime(begin).TotalMilliseconds);
                token = answer.NextPageToken;
            }

            times.Sort();
            Say($"a page of 100 of '{query}'", $"{Summary.Of(times)}, p99 {times[(int)(times.Count * 0.99)]:0.0} ms; {(server.ProcessorMs - processor) / times.Count:0.0} ms of processor each");
        }
    }

    void CopyClosed(string id, int count)
    {
        using var connection = new SqliteConnection($"Data Source={server.Database};Pooling=false");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = """
            create temp table one as select * from visibility where workflow_id = $id;
            insert into visibility
            with recursive n(n) as (select 1 union all select n + 1 from n where n < $count)
            select 1000000000 + n, namespace_id, 'copy-' || n, 'copy-' || n, workflow_type, status, start_time - n * 1000000000, execution_time - n * 1000000000,
              close_time - n * 1000000000, history_length, history_size, state_transitions, task_queue, parent_workflow_id, parent_run_id,
              root_workflow_id, root_run_id, first_run_id, memo, search_attributes, search_json
            from n, one;
            """;
        command.Parameters.AddWithValue("$id", id);
        command.Parameters.AddWithValue("$count", count);
        command.CommandTimeout = 600;
        command.ExecuteNonQuery();
    }

    static ScheduleCalendarSpec At(DateTimeOffset time) => new()
    {
        Second = [new(time.Second)], Minute = [new(time.Minute)], Hour = [new(time.Hour)],
        DayOfMonth = [new(time.Day)], Month = [new(time.Month)], Year = [new(time.Year)],
    };

    static void Say(string what, object value) => Console.WriteLine($"{what}: {value}");
}
