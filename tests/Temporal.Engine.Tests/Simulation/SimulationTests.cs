using System.Collections.Concurrent;

namespace Temporal.Engine.Tests.Simulation;

/// <summary>Many stories of <see cref="Simulation"/>. A failure names its seed and the command that plays it again.</summary>
public sealed class SimulationTests
{
    const string SeedVariable = "MAINTENANCE_TEST_SEED";
    const int QuickSeeds = 120;
    const int FullSeeds = 4_000;

    static readonly string? Given = Environment.GetEnvironmentVariable(SeedVariable);

    // Other seeds every day, so that the search goes on; the same all day, so that two runs can be compared.
    static readonly int FirstSeed = (int)(DateTimeOffset.UtcNow.ToUnixTimeSeconds() / 86_400) * 100_000;

    [Fact]
    public void Nothing_is_lost_doubled_or_stuck_whatever_fails() => RunMany(QuickSeeds);

    [Fact, Trait("Category", "Long")]
    public void Nothing_is_lost_doubled_or_stuck_whatever_fails_in_thousands_of_stories() => RunMany(FullSeeds);

    [Fact]
    public void The_same_seed_is_the_same_story()
    {
        for (var seed = 1; seed <= 5; seed++)
            Assert.Equal(Simulation.Run(seed), Simulation.Run(seed));
    }

    [Fact]
    public void A_story_holds_crashes_and_work()
    {
        var stories = Enumerable.Range(1, 20).Select(Simulation.Run).ToList();

        Assert.True(stories.Sum(story => story.Crashes) > 20, "too few crashes to find anything");
        Assert.True(stories.Average(story => story.Events) > 100, "too little happens");
    }

    static void RunMany(int seeds)
    {
        var (first, count) = Given is null ? (FirstSeed, seeds) : Range(Given);
        var failures = new ConcurrentQueue<string>();
        Parallel.For(first, first + count, seed =>
        {
            try
            {
                RunOne(seed);
            }
            catch (InvalidOperationException failure)
            {
                failures.Enqueue(failure.Message);
            }
        });
        Assert.True(failures.IsEmpty, $"{failures.Count} of {count} stories break a rule.\n{string.Join('\n', failures.Take(20))}");
    }

    /// <summary>"7" or "7-20".</summary>
    static (int First, int Count) Range(string given)
    {
        var ends = given.Split('-');
        return (int.Parse(ends[0]), int.Parse(ends[^1]) - int.Parse(ends[0]) + 1);
    }

    static void RunOne(int seed)
    {
        try
        {
            Simulation.Run(seed);
        }
        catch (Exception failure)
        {
            throw new InvalidOperationException(
                $"""
                Seed {seed}: {failure.Message}
                Again: {SeedVariable}={seed} artifacts/bin/Temporal.Engine.Tests/debug/Temporal.Engine.Tests -method '*{nameof(Nothing_is_lost_doubled_or_stuck_whatever_fails)}'
                """,
                failure);
        }
    }
}
