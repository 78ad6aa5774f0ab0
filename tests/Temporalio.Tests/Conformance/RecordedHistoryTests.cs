using Temporalio.Common;
using Temporalio.Exceptions;
using Temporalio.Worker;

namespace Temporalio.Tests.Conformance;

/// <summary>
/// Histories that the official TypeScript SDK made on a real server replay on the same workflows in C#. Workflow code is compared
/// by its commands, so a wrong order, a missing cancellation or a handler that runs too late shows as nondeterminism.
/// </summary>
public sealed class RecordedHistoryTests
{
    static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "histories");

    public static TheoryData<string> Names => new(Directory.EnumerateFiles(Folder, "*.json").Select(path => Path.GetFileNameWithoutExtension(path)!).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_recorded_history_replays(string name)
    {
        var replayer = Replayer(name switch
        {
            "versions.bugAndRepair.main" => [typeof(VersionKit.ThrowsErrorRepaired)],
            _ when name.StartsWith("versions.patchIntroduced", StringComparison.Ordinal) => [typeof(VersionKit.PatchMeChanged)],
            _ => [],
        });

        await replayer.ReplayWorkflowAsync(Read(name));
    }

    [Fact]
    public async Task Changed_code_is_found_with_event_expectation_and_cause()
    {
        var replayer = Replayer(typeof(VersionKit.ChangesCommandChanged));

        var problem = await Assert.ThrowsAsync<WorkflowNondeterminismException>(
            () => replayer.ReplayWorkflowAsync(Read("versions.nonDeterminism.main")));

        Assert.StartsWith("[TMPRL1100] Nondeterminism error: event 5 is TimerStarted (timer '1')", problem.Message, StringComparison.Ordinal);
        Assert.Contains("ScheduleActivityTask (activity 'echo', id '1')", problem.Message, StringComparison.Ordinal);
        Assert.Contains("Workflow.Patched", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_deprecated_patch_may_be_removed_from_the_code() =>
        await Replayer(typeof(VersionKit.PatchRemoved)).ReplayWorkflowAsync(Read("versions.deprecated.main"));

    [Fact]
    public async Task Code_that_lacks_a_patch_of_the_history_is_found()
    {
        var history = Read("versions.patched.main");
        var events = history.Events.Select(e => e.Clone()).ToList();
        events[0].WorkflowExecutionStartedEventAttributes.WorkflowType.Name = "patchDeprecated";

        await Assert.ThrowsAsync<WorkflowNondeterminismException>(
            () => Replayer(typeof(VersionKit.PatchRemoved)).ReplayWorkflowAsync(new(history.Id, events)));
    }

    [Fact]
    public async Task Commands_that_history_does_not_have_are_found()
    {
        var history = Read("timers.fires.main");
        var events = history.Events.Select(e => e.Clone()).ToList();
        events[0].WorkflowExecutionStartedEventAttributes.WorkflowType.Name = "waitForever";

        await Assert.ThrowsAsync<WorkflowNondeterminismException>(() => Replayer().ReplayWorkflowAsync(new(history.Id, events)));
    }

    static WorkflowReplayer Replayer(params Type[] changed)
    {
        var options = new WorkflowReplayerOptions();
        foreach (var workflow in Kit.Workflows(changed))
            options.AddWorkflow(workflow);
        return new(options);
    }

    static WorkflowHistory Read(string name) => WorkflowHistory.FromJson(name, File.ReadAllText(Path.Combine(Folder, $"{name}.json")));
}
