using Temporal.Protocol;
using static Temporal.Engine.Tests.EngineUnderTest;

namespace Temporal.Engine.Tests.Durability;

public sealed class BackupTests : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("engine-backup-").FullName;

    string BackupFile => Path.Combine(_folder, "backup.db");

    [Fact]
    public async Task A_backup_under_load_holds_all_that_was_acknowledged_before_it_and_runs_go_on_from_it()
    {
        await using var engine = await StartAsync();
        await engine.StartWorkflowAsync("in progress");
        await engine.CompleteTaskAsync(await engine.PollWorkflowAsync(), Timer("t", TimeSpan.FromMinutes(5)), Activity("a"));
        using var stop = new CancellationTokenSource();
        var load = LoadAsync(engine, stop.Token);
        for (var number = 0; number < 50; number++)
            await engine.StartWorkflowAsync($"acknowledged-{number}", request => request.TaskQueue.Name = "idle");

        var report = await Task.Run(() => EngineData.BackUp(engine.Folder, BackupFile));

        await stop.CancelAsync();
        Assert.True(await load > 0, "there was no load");
        Assert.Empty(report.Damage);
        Assert.True(report.OpenWorkflows > 50);
        await engine.StopAsync();
        EngineData.Restore(engine.Folder, BackupFile, engine.Time.GetUtcNow());
        await engine.OpenAsync();
        for (var number = 0; number < 50; number++)
            await engine.DescribeAsync($"acknowledged-{number}");
        Assert.Equal("a", (await engine.PollActivityAsync()).ActivityId);
        await engine.AdvanceAsync(TimeSpan.FromMinutes(5));
        Assert.Contains("TimerFired", await engine.TypesAsync("in progress"), StringComparison.Ordinal);
    }

    static async Task<int> LoadAsync(EngineUnderTest engine, CancellationToken stop)
    {
        var started = 0;
        for (; !stop.IsCancellationRequested; started++)
            await engine.StartWorkflowAsync($"load-{started}", request => request.TaskQueue.Name = "idle");
        return started;
    }

    [Fact]
    public async Task A_restore_keeps_what_was_there_and_an_older_backup_is_taken_without_complaint()
    {
        await using var engine = await StartAsync();
        await engine.StartWorkflowAsync("old");
        EngineData.BackUp(engine.Folder, BackupFile);
        await engine.StartWorkflowAsync("new");
        await engine.StopAsync();

        var (report, before) = EngineData.Restore(engine.Folder, BackupFile, engine.Time.GetUtcNow());

        Assert.Equal(1, report.OpenWorkflows);
        Assert.Equal(2, EngineData.Check(before!).OpenWorkflows);
        await engine.OpenAsync();
        Assert.Equal(["old"], engine.Engine.State.Workflows.Open.Select(run => run.WorkflowId));
    }

    [Fact]
    public async Task A_restore_is_refused_while_an_engine_runs_and_from_a_damaged_file()
    {
        await using var engine = await StartAsync();
        await engine.StartWorkflowAsync("one");
        EngineData.BackUp(engine.Folder, BackupFile);
        Assert.True(Assert.Throws<EngineStartException>(() => EngineData.Restore(engine.Folder, BackupFile, default)).IsInUse);
        await engine.StopAsync();
        var files = Directory.GetFiles(engine.Folder);
        File.WriteAllBytes(BackupFile, [.. File.ReadAllBytes(BackupFile).Take(3 * 4096)]);

        Assert.Throws<EngineDataException>(() => EngineData.Restore(engine.Folder, BackupFile, default));

        Assert.Equal(files, Directory.GetFiles(engine.Folder));
        await engine.OpenAsync();
        await engine.DescribeAsync("one");
    }

    [Fact]
    public async Task A_restore_that_was_interrupted_is_refused_at_start_and_can_be_done_again()
    {
        await using var engine = await StartAsync();
        await engine.StartWorkflowAsync("one");
        EngineData.BackUp(engine.Folder, BackupFile);
        await engine.StartWorkflowAsync("two");
        await engine.StopAsync();
        // As it is left when it dies between putting the old file away and putting the new one in its place.
        File.Move(Path.Combine(engine.Folder, "engine.db"), Path.Combine(_folder, "away.db"));

        await Assert.ThrowsAsync<EngineStartException>(engine.OpenAsync);
        EngineData.Restore(engine.Folder, BackupFile, engine.Time.GetUtcNow());

        await engine.OpenAsync();
        await engine.DescribeAsync("one");
    }

    [Fact]
    public async Task A_backup_does_not_replace_a_file()
    {
        await using var engine = await StartAsync();
        File.WriteAllText(BackupFile, "precious");

        Assert.Contains("exists", Assert.Throws<EngineDataException>(() => EngineData.BackUp(engine.Folder, BackupFile)).Message, StringComparison.Ordinal);

        Assert.Equal("precious", File.ReadAllText(BackupFile));
    }

    [Fact]
    public async Task Check_counts_what_is_there_while_the_engine_runs()
    {
        await using var engine = await StartAsync();
        await engine.StartWorkflowAsync("open");
        await engine.CompleteTaskAsync(await engine.PollWorkflowAsync(), Timer("t", TimeSpan.FromDays(1)));
        await engine.StartWorkflowAsync("closed");
        await engine.CompleteTaskAsync(await engine.PollWorkflowAsync(), Complete());

        var report = EngineData.Check(engine.Folder);

        Assert.Empty(report.Damage);
        Assert.Equal((1, 1, 10, 2), (report.OpenWorkflows, report.ClosedWorkflows, report.Events, report.Namespaces));
        Assert.Equal(engine.Time.GetUtcNow(), report.OldestOpenStart);
        Assert.Equal(SqliteSchema.Version, report.Schema);
    }

    [Fact]
    public void Check_of_a_folder_without_data_says_so() =>
        Assert.Contains("no engine's database", Assert.Throws<EngineDataException>(() => EngineData.Check(_folder)).Message, StringComparison.Ordinal);

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
