namespace Temporal.Engine.Tests.Durability;

/// <summary>
/// The engine's process ends, or the machine loses its power, at one write after the other of SQLite's files. An engine that is
/// started on what is left knows everything that was acknowledged, and goes on.
/// </summary>
public sealed class CrashAtEveryWriteTests
{
    // The quick share: coprime to the number of writes per commit, so that all kinds of places are hit.
    const int QuickStride = 37;

    static readonly int Seed = Environment.GetEnvironmentVariable("MAINTENANCE_TEST_SEED") is { } given ? int.Parse(given) : Random.Shared.Next(1_000_000);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public Task What_was_acknowledged_survives_a_kill_at_every_so_many_writes(bool torn) => KilledAsync(QuickStride, torn);

    [Theory, Trait("Category", "Long")]
    [InlineData(false)]
    [InlineData(true)]
    public Task What_was_acknowledged_survives_a_kill_at_every_write(bool torn) => KilledAsync(1, torn);

    [Fact]
    public Task What_was_acknowledged_survives_a_power_loss_at_every_so_many_writes() => PowerLostAsync(QuickStride);

    [Fact, Trait("Category", "Long")]
    public Task What_was_acknowledged_survives_a_power_loss_at_every_write() => PowerLostAsync(1);

    static Task KilledAsync(int stride, bool torn) => AtEveryWriteAsync(stride, torn, (disk, _) => disk.LeftByKill());

    static Task PowerLostAsync(int stride) => AtEveryWriteAsync(stride, torn: false, (disk, random) => disk.LeftByPowerLoss(random));

    static async Task AtEveryWriteAsync(int stride, bool torn, Func<FaultyDisk, Random, string> left)
    {
        var promises = 0;
        var more = true;
        for (var write = 1 + (Seed % stride); more; write += stride)
        {
            await using var engine = new EngineUnderTest();
            using var disk = new FaultyDisk(engine.Folder) { DiesAt = write, TearsLastWrite = torn };
            var workload = new Workload();
            try
            {
                await engine.OpenAsync();
                await workload.RunAsync(engine);
            }
            catch (EngineStartException)
            {
                Assert.True(disk.IsDead);
            }

            more = disk.IsDead;
            var folder = left(disk, new Random(Seed + write));
            await engine.StopAsync();
            try
            {
                await workload.AssertKeptAsync(folder, engine.Time);
            }
            catch (Exception failure)
            {
                throw new InvalidOperationException(
                    $"Died in write {write} with seed {Seed}. Again: MAINTENANCE_TEST_SEED={Seed} and this test alone. What was left is in {folder}.", failure);
            }

            promises = Math.Max(promises, workload.Promises);
            Directory.Delete(folder, recursive: true);
        }

        // The last round had no fault: it has seen the whole workload.
        Assert.True(promises > 15, $"The workload has ended early, after {promises} promises.");
    }
}
