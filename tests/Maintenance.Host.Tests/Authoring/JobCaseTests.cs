using Maintenance.Host.Authoring;
using Maintenance.Records;

namespace Maintenance.Host.Tests.Authoring;

/// <summary>What a case of a job's tests demands, and how a difference is said.</summary>
public sealed class JobCaseTests
{
    [Fact]
    public void All_that_is_wrong_with_a_case_is_said_at_once_with_its_place()
    {
        var read = JobCaseReader.Read(
            """
            {
              "inputs": {},
              "commands": { "df": { "exitCode": 256 } },
              "expect": { "status": "green", "steps": { "check": { "attemps": 1 } } }
            }
            """,
            "tests/bad.json");

        Assert.False(read.Ok);
        Assert.Equal(["2:3", "3:37", "4:25", "4:56"], read.Problems.Select(problem => $"{problem.Line}:{problem.Column}"));
        Assert.Contains("'input'", read.Problems[0].ToString());
        Assert.Contains("'attempts'", read.Problems[3].ToString());
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("a 1|b", "")]
    [InlineData("b|a 1", "expected the call 'a 1'")]
    [InlineData("c", "expected the call 'c'")]
    public void Calls_must_come_in_their_order_and_others_may_come_between(string wanted, string difference)
    {
        FakeCall[] calls = [new("a", ["1"]), new("x", []), new("b", [])];
        var expect = new JobExpectation { Calls = wanted.Split('|', StringSplitOptions.RemoveEmptyEntries) };

        Assert.StartsWith(difference, string.Join('\n', JobCaseVerdict.Of(expect, ARun(), calls)));
    }

    [Fact]
    public void Each_difference_is_a_line()
    {
        var expect = new JobExpectation
        {
            Status = RunStatus.Failed,
            Steps = new Dictionary<string, StepExpectation>
            {
                ["check"] = new() { ExitCode = 3, Attempts = 2, Output = "oh", Outputs = new Dictionary<string, string> { ["rows"] = "5" } },
                ["nowhere"] = new(),
            },
            NoCalls = ["rm"],
        };

        Assert.Equal(
            [
                "the run: expected failed, was succeeded",
                "step check: expected exit code 3, was exit code 0",
                "step check: expected 2 attempts, had 1",
                "step check: expected 'oh' in its output, which was:\nall well",
                "step check: expected output rows to be '5', was '4'",
                "step nowhere: is not in the run; it has check",
                "expected no call with 'rm', there was 'rm -r x'",
            ],
            JobCaseVerdict.Of(expect, ARun(), [new("rm", ["-r", "x"])]));
    }

    static RunRecord ARun() => new()
    {
        RunId = "r", WorkflowId = "w", Job = "j", Cause = RunCause.Manual, Status = RunStatus.Succeeded, StartedAt = DateTimeOffset.UnixEpoch,
        Steps =
        [
            new()
            {
                Position = 1, Name = "check", Kind = "run", Status = StepStatus.Succeeded, Outputs = new Dictionary<string, string> { ["rows"] = "4" },
                Attempts = [new() { Number = 1, ActivityId = "check/1", Outcome = AttemptOutcome.Succeeded, ExitCode = 0, Output = new() { Head = "all well\n" } }],
            },
        ],
    };
}
