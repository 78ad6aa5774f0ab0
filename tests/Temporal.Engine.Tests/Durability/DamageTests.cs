using Microsoft.Data.Sqlite;
using Temporal.Protocol;
using static Temporal.Engine.Tests.EngineUnderTest;

namespace Temporal.Engine.Tests.Durability;

/// <summary>What is on disk is not what was written: it is refused with the next step, and never run on.</summary>
public sealed class DamageTests
{
    static string Db(EngineUnderTest engine) => Path.Combine(engine.Folder, "engine.db");

    static async Task<EngineUnderTest> StoppedWithDataAsync()
    {
        var engine = await StartAsync();
        for (var number = 0; number < 20; number++)
        {
            await engine.StartWorkflowAsync($"workflow-{number}", request => request.Input = new() { Payloads_ = { PayloadValues.Json(new string('x', 2_000)) } });
            await engine.CompleteTaskAsync(await engine.PollWorkflowAsync(), number % 2 == 0 ? Complete() : Timer("t", TimeSpan.FromDays(1)));
        }

        await engine.StopAsync();
        return engine;
    }

    static async Task AssertRefusedAsync(EngineUnderTest engine, string why)
    {
        var before = File.ReadAllBytes(Db(engine));
        var refused = await Assert.ThrowsAsync<EngineStartException>(engine.OpenAsync);
        Assert.Contains(why, refused.Message, StringComparison.Ordinal);
        Assert.Contains("restore", refused.Message, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(before, File.ReadAllBytes(Db(engine)));
    }

    [Fact]
    public async Task A_flipped_page_is_refused()
    {
        await using var engine = await StoppedWithDataAsync();
        // The root of a table: SQLite's own structure.
        OverwriteAt(Db(engine), PageOf(engine, "history") * 4096L, Enumerable.Repeat((byte)0xA5, 4096).ToArray());

        await AssertRefusedAsync(engine, "is damaged");
        Assert.NotEmpty(EngineData.Check(engine.Folder).Damage);
    }

    [Fact]
    public async Task A_flipped_bit_in_an_open_run_is_refused()
    {
        await using var engine = await StoppedWithDataAsync();
        FlipBit(Db(engine), "select content from history join run using (run_key) where workflow_id = 'workflow-1'");

        await AssertRefusedAsync(engine, "checksum of history of run");
    }

    [Fact]
    public async Task A_flipped_bit_in_a_closed_run_ends_the_process_when_it_is_read_and_check_finds_it_before()
    {
        await using var engine = await StoppedWithDataAsync();
        FlipBit(Db(engine), "select content from history join run using (run_key) where workflow_id = 'workflow-2'");

        Assert.Contains("checksum of history", Assert.Single(EngineData.Check(engine.Folder).Damage), StringComparison.Ordinal);
        await engine.OpenAsync();
        await Assert.ThrowsAsync<RpcFailure>(() => engine.HistoryAsync("workflow-2"));
        Assert.Contains("engine restore FILE", Assert.Single(engine.Fatal), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cut off")]
    [InlineData("removed")]
    [InlineData("flipped")]
    public async Task A_log_that_lost_its_end_is_refused(string how)
    {
        await using var engine = await StartAsync();
        for (var number = 0; number < 5; number++)
            await engine.StartWorkflowAsync($"workflow-{number}");
        using var disk = new FaultyDisk(engine.Folder);
        var left = disk.LeftByKill();
        var log = Path.Combine(left, "engine.db-wal");
        if (how == "removed")
            File.Delete(log);
        else if (how == "cut off")
            using (var file = File.OpenWrite(log))
                file.SetLength(file.Length - 4_096);
        else
            OverwriteAt(log, new FileInfo(log).Length / 2, [0xA5, 0x5A]);

        var refused = await Assert.ThrowsAsync<EngineStartException>(() => EngineUnderTest.StartAsync(left, engine.Time));

        Assert.Contains("commits are missing", refused.Message, StringComparison.Ordinal);
        Assert.NotEmpty(EngineData.Check(left).Damage);
        Directory.Delete(left, recursive: true);
    }

    [Fact]
    public async Task A_database_that_was_removed_is_not_silently_begun_anew()
    {
        await using var engine = await StoppedWithDataAsync();
        File.Delete(Db(engine));

        var refused = await Assert.ThrowsAsync<EngineStartException>(engine.OpenAsync);

        Assert.Contains("commits are missing", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_refused()
    {
        await using var engine = await StoppedWithDataAsync();
        await File.WriteAllTextAsync(Db(engine), new string('x', 8192), CancellationToken.None);

        await AssertRefusedAsync(engine, "cannot be opened as the engine's database");
    }

    [Fact]
    public async Task A_database_of_another_program_is_refused_and_left_as_it_is()
    {
        await using var engine = new EngineUnderTest();
        Execute(Db(engine), "create table customers (name text); insert into customers values ('kept');");
        var before = File.ReadAllBytes(Db(engine));

        var refused = await Assert.ThrowsAsync<EngineStartException>(engine.OpenAsync);

        Assert.Contains("another program", refused.Message, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(Db(engine)));
    }

    [Fact]
    public async Task A_database_of_a_newer_program_is_refused()
    {
        await using var engine = await StoppedWithDataAsync();
        Execute(Db(engine), $"pragma user_version = {SqliteSchema.Version + 1}");

        var refused = await Assert.ThrowsAsync<EngineStartException>(engine.OpenAsync);

        Assert.Contains("newer program", refused.Message, StringComparison.Ordinal);
    }

    static void Execute(string path, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={path};Pooling=false");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    static long PageOf(EngineUnderTest engine, string table)
    {
        using var connection = new SqliteConnection($"Data Source={Db(engine)};Pooling=false");
        connection.Open();
        return (long)SqliteSchema.Scalar(connection, $"select rootpage - 1 from sqlite_schema where name = '{table}'");
    }

    static void OverwriteAt(string path, long offset, byte[] bytes)
    {
        using var file = File.OpenWrite(path);
        file.Position = offset;
        file.Write(bytes);
    }

    /// <summary>Flips a bit in the middle of a stored value, in the file.</summary>
    static void FlipBit(string path, string sql)
    {
        byte[] value;
        using (var connection = new SqliteConnection($"Data Source={path};Pooling=false"))
        {
            connection.Open();
            value = (byte[])SqliteSchema.Scalar(connection, sql);
        }

        // A piece that is nowhere else and lies on one page; a page that is not used any more may hold a copy.
        var piece = value.AsSpan(0, 100);
        var content = File.ReadAllBytes(path);
        var found = 0;
        for (int at; (at = content.AsSpan().IndexOf(piece)) > 0; found++)
            content[at + 90] ^= 1;
        Assert.True(found > 0);
        File.WriteAllBytes(path, content);
    }
}
