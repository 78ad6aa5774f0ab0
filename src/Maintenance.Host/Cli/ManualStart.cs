using System.Text.Json;
using System.Text.Json.Nodes;
using Maintenance.Jobs.Bundles;
using Maintenance.Jobs.Definition;
using Maintenance.Records;
using Maintenance.Schedules;

namespace Maintenance.Host.Cli;

/// <summary>What a start by a person consists of.</summary>
static class ManualStart
{
    /// <summary>The job behind a name, and its input: that of the schedule, if it is one, with what was given on top.</summary>
    /// <exception cref="CommandFailure">There is no such job or schedule, or an input is not NAME=VALUE.</exception>
    public static async Task<(string Job, JsonElement Input)> ResolveAsync(
        IRunStore store, string installation, string name, IEnumerable<string> inputs, CancellationToken cancellationToken)
    {
        var applied = await store.GetAppliedScheduleAsync(installation, name, cancellationToken);
        var jobs = await store.ListJobsAsync(cancellationToken);
        var isJob = jobs.Any(job => job.Job == name);
        if (applied is null && !isJob)
        {
            var known = NearestName.Suggest(name, [.. jobs.Select(job => job.Job)]);
            throw new CommandFailure(
                ExitCode.NotFound,
                $"there is no job or schedule '{name}'. {known} A new one is known after `maintenance apply`.".Replace(
                    "  ", " ", StringComparison.Ordinal));
        }

        var input = isJob || applied is null ? [] : JsonNode.Parse(InputOf(applied))!.AsObject();
        foreach (var given in inputs)
        {
            var equals = given.IndexOf('=', StringComparison.Ordinal);
            if (equals < 1)
                throw new CommandFailure(ExitCode.Usage, $"--input is '{given}'; write NAME=VALUE.");
            // A text is good for every type: the job reads it as what it declares.
            input[given[..equals]] = given[(equals + 1)..];
        }

        var (started, element) = (isJob ? name : applied!.Job, JsonSerializer.SerializeToElement(input));
        await CheckAsync(store, started, element, cancellationToken);
        return (started, element);
    }

    /// <summary>What the run would be refused for can be said before it starts.</summary>
    static async Task CheckAsync(IRunStore store, string job, JsonElement input, CancellationToken cancellationToken)
    {
        if (await store.GetCurrentBundleAsync(job, cancellationToken) is not { } current
            || await store.GetBundleAsync(current.Hash, cancellationToken) is not { } bundle)
            return;
        var problems = InputBinding.Bind(JobBundle.Open(bundle.Hash, bundle.Content).Definition, input).Problems;
        if (problems.Count > 0)
            throw new CommandFailure(ExitCode.Usage, string.Join('\n', problems));
    }

    public static string NewWorkflowId(string job) => $"{job}-manual-{Guid.CreateVersion7():N}";

    public static Dictionary<string, object> Memo(string person) => new() { [RunMemo.Cause] = "manual", [RunMemo.Requester] = person };

    static string InputOf(AppliedSchedule applied) =>
        ScheduleFile.ReadResolved(applied.SourceJson, applied.ScheduleId) is { Ok: true, Value: { } schedule } ? schedule.InputJson : "{}";
}
