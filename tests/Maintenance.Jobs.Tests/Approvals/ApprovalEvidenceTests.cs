using Maintenance.Jobs.Approvals;
using Maintenance.Jobs.Definition;
using Maintenance.Jobs.Runs;
using Maintenance.Records;

namespace Maintenance.Jobs.Tests.Approvals;

public class ApprovalEvidenceTests
{
    static readonly BeginResult Begun = new()
    {
        Cause = RunCause.Manual, BundleHash = "b0", GitCommit = "c", HostId = "h0", HostName = "web-1", HostQueue = "q", Input = new Dictionary<string, string> { ["size"] = "10", ["zone"] = "a" },
    };

    static readonly StepRecord Plan = new()
    {
        Position = 1, Name = "plan", Kind = "run", Status = StepStatus.Succeeded, Outputs = new Dictionary<string, string> { ["hash"] = "9f" },
        Attempts = [new() { Number = 1, ActivityId = "plan/1", Outcome = AttemptOutcome.Succeeded, Output = new() { Head = "1 to add", TotalBytes = 8 } }],
    };

    static readonly List<Target> Hosts = [new("web-1", "web-1", new() { Name = "web-1", Id = "w1" }), new("web-2", "web-2", null)];

    static string Hash(BeginResult begun, StepRecord step, List<Target> targets) => ApprovalEvidence.HashOf(
        [.. ApprovalEvidence.OfRun(begun), .. ApprovalEvidence.OfStep(step, ApprovalEvidence.PrintedBy(step)), ApprovalEvidence.OfPlan("patch", targets), ApprovalEvidence.OfTargets("each", [step])]);

    [Fact]
    public void The_same_gives_the_same_hash_in_whatever_order_it_is_kept() => Assert.Equal(
        Hash(Begun, Plan, Hosts), Hash(Begun with { Input = new Dictionary<string, string> { ["zone"] = "a", ["size"] = "10" } }, Plan with { }, [.. Hosts]));

    public static TheoryData<string> Changes => [.. Changed.Keys];

    static readonly Dictionary<string, (BeginResult, StepRecord, List<Target>)> Changed = new()
    {
        ["bundle"] = (Begun with { BundleHash = "b1" }, Plan, Hosts),
        ["host"] = (Begun with { HostId = "h1" }, Plan, Hosts),
        ["input"] = (Begun with { Input = new Dictionary<string, string> { ["size"] = "11", ["zone"] = "a" } }, Plan, Hosts),
        ["name of an input"] = (Begun with { Input = new Dictionary<string, string> { ["sizf"] = "10", ["zone"] = "a" } }, Plan, Hosts),
        ["output"] = (Begun, Plan with { Outputs = new Dictionary<string, string> { ["hash"] = "9e" } }, Hosts),
        ["name of an output"] = (Begun, Plan with { Outputs = new Dictionary<string, string> { ["hasi"] = "9f" } }, Hosts),
        ["status"] = (Begun, Plan with { Status = StepStatus.Failed }, Hosts),
        ["printed"] = (Begun, Printed(new() { Head = "2 to add", TotalBytes = 8 }), Hosts),
        ["end of what was printed"] = (Begun, Printed(new() { Head = "1 to add", Tail = "x", TotalBytes = 8 }), Hosts),
        ["length of what was printed"] = (Begun, Printed(new() { Head = "1 to add", TotalBytes = 9, CutBytes = 1 }), Hosts),
        ["target"] = (Begun, Plan, [Hosts[0], Hosts[1] with { Item = "web-3" }]),
        ["host of a target"] = (Begun, Plan, [Hosts[0] with { Host = new() { Name = "web-1", Id = "w2" } }, Hosts[1]]),
        ["number of targets"] = (Begun, Plan, [Hosts[0]]),
    };

    static StepRecord Printed(AttemptOutput output) => Plan with { Attempts = [Plan.Attempts[0] with { Output = output }] };

    [Theory]
    [MemberData(nameof(Changes))]
    public void One_changed_byte_is_another_hash(string what)
    {
        var (begun, plan, hosts) = Changed[what];

        Assert.NotEqual(Hash(Begun, Plan, Hosts), Hash(begun, plan, hosts));
    }

    [Fact]
    public void Values_cannot_run_over_into_their_neighbours() => Assert.NotEqual(
        ApprovalEvidence.HashOf([ApprovalEvidence.Part("a", "", "bc"), ApprovalEvidence.Part("d", "", "")]),
        ApprovalEvidence.HashOf([ApprovalEvidence.Part("a", "", "b"), ApprovalEvidence.Part("cd", "", "")]));

    [Fact]
    public void It_says_what_changed_since_somebody_looked()
    {
        var before = ApprovalEvidence.OfStep(Plan with { Outputs = new Dictionary<string, string> { ["hash"] = "9f", ["old"] = "1" } }, null).ToDictionary(p => p.Name, p => p.Digest);

        Assert.Equal(
            "steps.plan.outputs.hash is 9e now; steps.plan.outputs.new is new: 2 now; steps.plan.outputs.old is gone",
            ApprovalEvidence.Changes(before, [.. ApprovalEvidence.OfStep(Plan with { Outputs = new Dictionary<string, string> { ["hash"] = "9e", ["new"] = "2" } }, null)]));
    }
}
