using Microsoft.Data.Sqlite;
using static Temporal.Engine.Tests.EngineUnderTest;

namespace Temporal.Engine.Tests.Durability;

/// <summary>A data folder of an older program is brought up to date whole, at whatever write the first start dies.</summary>
public sealed class OldDataTests
{
    /// <summary>Takes out what came after schema 1, so that the file is as the first program wrote it.</summary>
    static async Task<EngineUnderTest> StoppedOnSchema1Async()
    {
        var engine = await StartAsync();
        for (var number = 0; number < 5; number++)
        {
            await engine.StartWorkflowAsync($"workflow-{number}");
            await engine.CompleteTaskAsync(await engine.PollWorkflowAsync(), Timer("t", TimeSpan.FromMinutes(1)));
        }

        await engine.StopAsync();
        using var connection = new SqliteConnection($"Data Source={Path.Combine(engine.Folder, "engine.db")};Pooling=false");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = """
            alter table run drop column checksum; alter table history drop column checksum; alter table document drop column checksum;
            drop table position; pragma application_id = 0; pragma user_version = 1;
            """;
        command.ExecuteNonQuery();
        File.Delete(CommitMark.PathIn(engine.Folder));
        return engine;
    }

    static async Task AssertGoesOnAsync(EngineUnderTest engine)
    {
        Assert.Equal(5, engine.Engine.State.Workflows.OpenCount);
        engine.Time.Advance(TimeSpan.FromMinutes(1));
        await engine.Engine.Loop.RunAsync(_ => { });
        for (var number = 0; number < 5; number++)
            Assert.Contains("TimerFired", await engine.TypesAsync($"workflow-{number}"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_data_of_the_first_program_is_taken_over()
    {
        await using var engine = await StoppedOnSchema1Async();
        Assert.Equal(1, EngineData.Check(engine.Folder).Schema);

        await engine.OpenAsync();

        await AssertGoesOnAsync(engine);
        Assert.Equal(SqliteSchema.Version, EngineData.Check(engine.Folder).Schema);
    }

    [Fact]
    public async Task A_start_that_dies_at_any_write_of_the_migration_leaves_the_old_or_the_new_data()
    {
        var dead = true;
        for (var write = 1; dead; write++)
        {
            await using var engine = await StoppedOnSchema1Async();
            using var disk = new FaultyDisk(engine.Folder) { DiesAt = write };
            try
            {
                await engine.OpenAsync();
            }
            catch (EngineStartException)
            {
                Assert.True(disk.IsDead);
            }

            dead = disk.IsDead;
            var left = disk.LeftByKill();
            await engine.StopAsync();
            await using var again = await EngineUnderTest.StartAsync(left, engine.Time);
            await AssertGoesOnAsync(again);
            await again.StopAsync();
            Directory.Delete(left, recursive: true);
        }
    }
}
