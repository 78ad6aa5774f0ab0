using Maintenance.Jobs.Definition;
using Maintenance.Jobs.Locks;

namespace Maintenance.Jobs.Tests.Locks;

public sealed class LockReaderTests
{
    [Fact]
    public void Locks_are_names_or_objects()
    {
        var read = Read("""["restore-host", { "name": "cluster:${input.cluster}", "slots": 3, "priority": "high", "wait": "10m" }, { "name": "x", "shared": true }]""");

        Assert.Empty(read.Problems);
        Assert.Equal(
            [
                new LockDefinition { Name = "restore-host" },
                new LockDefinition { Name = "cluster:${input.cluster}", Limit = 3, Priority = LockPriority.High, Wait = TimeSpan.FromMinutes(10) },
                new LockDefinition { Name = "x", Limit = LockDefinition.Shared },
            ],
            read.Value!.Locks);
    }

    [Theory]
    [InlineData("""["a", "a"]""", "JOB021")]
    [InlineData("""["no good"]""", "JOB010")]
    [InlineData("""["${input.nobody}"]""", "JOB027")]
    [InlineData("""[{ "name": "a", "slots": 2, "shared": true }]""", "JOB061")]
    [InlineData("""["quorum:database"]""", "JOB061")]
    [InlineData("""[{ "name": "a", "slots": 0 }]""", "JOB007")]
    [InlineData("""[{ "name": "a", "slot": 2 }]""", "JOB003")]
    [InlineData("""[{ "slots": 2 }]""", "JOB005")]
    [InlineData("""[7]""", "JOB004")]
    public void What_is_no_lock_is_said(string locks, string code) => Assert.Equal([code], Read(locks).Problems.Select(p => p.Code));

    [Theory]
    [InlineData("a", true)]
    [InlineData("m", true)]
    [InlineData("z", false)]
    public void A_steps_lock_sorts_behind_those_of_its_job(string ofStep, bool refused)
    {
        var read = Read("""["b", "m"]""", $$"""["{{ofStep}}"]""");

        Assert.Equal(refused ? ["JOB060"] : [], read.Problems.Select(p => p.Code));
    }

    static Maintenance.Schedules.ReadResult<JobDefinition> Read(string locks, string ofStep = "[]") => JobReader.Read(
        "j",
        $$"""{ "input": { "cluster": { "type": "string" } }, "locks": {{locks}}, "steps": [ { "name": "s", "wait": "1s", "locks": {{ofStep}} } ] }""",
        "job.json",
        new Dictionary<string, string>());
}
