using System.Text.Json;
using System.Text.Json.Nodes;
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
            throw new CommandFailure(
                ExitCode.NotFound,
                $"there is no job '{name}'; known are {string.Join(", ", jobs.Select(job => job.Job))}. A new job is known after `maintenance apply`.");
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

        return (isJob ? name : applied!.Job, JsonSerializer.SerializeToElement(input));
    }

    public static string NewWorkflowId(string job) => $"{job}-manual-{Guid.CreateVersion7():N}";

    public static Dictionary<string, object> Memo(string person) => new() { [RunMemo.Cause] = "manual", [RunMemo.Requester] = person };

    static string InputOf(AppliedSchedule applied) =>
        ScheduleFile.ReadResolved(applied.SourceJson, applied.ScheduleId) is { Ok: true, Value: { } schedule } ? schedule.InputJson : "{}";
}
