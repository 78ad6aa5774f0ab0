using System.CommandLine;
using System.Text.Json;
using Maintenance.Jobs;
using Maintenance.Jobs.Bundles;
using Maintenance.Jobs.Runs;
using Maintenance.Records;
using Maintenance.Schedules;
using Temporalio.Client;

namespace Maintenance.Host.Cli.Commands;

/// <summary>
/// <c>maintenance run retry RUN</c>: a new run of the same job, files and input that does only what the one before left undone.
/// </summary>
static class RunRetryCommand
{
    static readonly Argument<string> Run = new("RUN")
    {
        Description = "A run that has ended: its id, the beginning of it, or its workflow id",
    };

    static readonly Option<string> Reason = new("--reason") { Description = "Why; it is recorded", HelpName = "TEXT", Required = true };
    static readonly Option<string> From = new("--from")
    {
        Description = "The step to begin with (default: the first that is not done)", HelpName = "STEP",
    };

    static readonly Option<string> Skip = new("--skip") { Description = "A step to leave out", HelpName = "STEP" };

    public static Command Create(Terminal terminal)
    {
        var command = new Command("retry", "Start a new run that takes over the steps that are done, from the same files")
        {
            Run, Reason, From, Skip,
        };
        command.SetAction((parsed, stop) => RunAsync(parsed, terminal, stop));
        return command;
    }

    static async Task<int> RunAsync(ParseResult parsed, Terminal terminal, CancellationToken stop)
    {
        var settings = parsed.ReadSettings().Settings;
        await using var store = await RecordsAccess.OpenAsync(settings, stop);
        var run = await RecordsAccess.FindAsync(store, parsed.GetValue(Run)!, stop);
        var earlier = await EarlierAsync(store, run, parsed.GetValue(From), parsed.GetValue(Skip), stop);

        var client = await TemporalAccess.ConnectAsync(settings);
        var id = ManualStart.NewWorkflowId(run.Job);
        var input = JsonSerializer.Deserialize<JsonElement>(run.InputJson);
        var handle = await WorkflowCalls.RunAsync(id, () => client.StartWorkflowAsync(
            run.Job, [input], new(id, TaskQueues.Control) { Memo = Memo(parsed, run) }));

        var runId = handle.ResultRunId ?? handle.RunId!;
        if (parsed.WantsJson())
        {
            terminal.ResultJson(
                new { job = run.Job, workflowId = id, runId, retryOf = run.RunId, from = earlier.From, takenOver = earlier.Steps.Keys });
            return ExitCode.Ok;
        }

        terminal.Result(runId);
        terminal.Say(
            $"started {run.Job} from step {earlier.From}; {Taken(earlier)}; `maintenance show {RunText.ShortId(runId)}` tells how it goes");
        return ExitCode.Ok;
    }

    /// <summary>Says here what the run would otherwise fail with.</summary>
    static async Task<EarlierRun> EarlierAsync(IRunStore store, RunRecord run, string? from, string? skip, CancellationToken stop)
    {
        if (run.BundleHash is not { } hash || await store.GetBundleAsync(hash, stop) is not { } bundle)
            throw new CommandFailure(
                ExitCode.NotFound,
                $"the files that run {run.RunId} ran with are not in the records; `maintenance trigger {run.Job}` starts the job anew.");
        var (earlier, problem) = EarlierRun.Of(run, JobBundle.Open(bundle.Hash, bundle.Content).Definition, from, skip);
        return earlier ?? throw new CommandFailure(ExitCode.Failed, problem);
    }

    static Dictionary<string, object> Memo(ParseResult parsed, RunRecord run)
    {
        var memo = ManualStart.Memo(TemporalAccess.Person);
        memo[RunMemo.RetryOf] = run.RunId;
        memo[RunMemo.Installation] = run.Installation;
        memo[RunMemo.Reason] = parsed.GetValue(Reason)!;
        if (parsed.GetValue(From) is { } from)
            memo[RunMemo.RetryFrom] = from;
        if (parsed.GetValue(Skip) is { } skip)
            memo[RunMemo.RetrySkip] = skip;
        return memo;
    }

    static string Taken(EarlierRun earlier) =>
        earlier.Steps.Count == 0 ? "nothing is taken over" : $"taken over: {string.Join(", ", earlier.Steps.Keys)}";
}
