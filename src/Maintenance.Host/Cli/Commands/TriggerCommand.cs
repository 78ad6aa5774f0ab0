using System.CommandLine;
using Maintenance.Host.Runtime;
using Maintenance.Jobs;
using Maintenance.Records;
using Temporalio.Client;

namespace Maintenance.Host.Cli.Commands;

/// <summary><c>maintenance trigger NAME</c> starts a job now; the name of a schedule takes that schedule's input.</summary>
static class TriggerCommand
{
    static readonly TimeSpan RecordPause = TimeSpan.FromMilliseconds(100);

    public static Command Create(Terminal terminal)
    {
        var name = new Argument<string>("NAME") { Description = "A job, or a schedule (its job with its input)" };
        var input = new Option<string[]>("--input", "-i") { Description = "NAME=VALUE, once for each input", HelpName = "NAME=VALUE" };
        var wait = new Option<bool>("--wait") { Description = "Wait for the end; the exit code then says how it ended" };
        var command = new Command("trigger", "Start a job now, outside its schedule") { name, input, wait };
        command.SetAction((parsed, cancellationToken) =>
            RunAsync(parsed, parsed.GetValue(name)!, parsed.GetValue(input) ?? [], parsed.GetValue(wait), terminal, cancellationToken));
        return command;
    }

    static async Task<int> RunAsync(
        ParseResult parsed, string name, string[] inputs, bool wait, Terminal terminal, CancellationToken cancellationToken)
    {
        var settings = parsed.ReadSettings().Settings;
        await using var store = await RecordsAccess.OpenAsync(settings, cancellationToken);
        var (job, input) = await ManualStart.ResolveAsync(
            store, StateFolder.InstallationOf(settings), name, inputs, cancellationToken);

        var client = await TemporalAccess.ConnectAsync(settings);
        var id = ManualStart.NewWorkflowId(job);
        var handle = await WorkflowCalls.RunAsync(id, () => client.StartWorkflowAsync(
            job, [input], new(id, TaskQueues.Control) { Memo = ManualStart.Memo(TemporalAccess.Person) }));

        var runId = handle.ResultRunId ?? handle.RunId!;
        if (!wait)
        {
            Say(parsed, terminal, job, id, runId, status: null);
            return ExitCode.Ok;
        }

        terminal.Say($"started {job}, run {RunText.ShortId(runId)}; waiting for its end...");
        var run = await WaitAsync(store, runId, cancellationToken);
        Say(parsed, terminal, job, id, runId, run);
        return run.Status == RunStatus.Succeeded ? ExitCode.Ok : ExitCode.Failed;
    }

    static void Say(ParseResult parsed, Terminal terminal, string job, string workflowId, string runId, RunRecord? status)
    {
        if (parsed.WantsJson())
        {
            terminal.ResultJson(new { job, workflowId, runId, status = status?.Status, reason = status?.Reason });
            return;
        }

        terminal.Result(runId);
        terminal.Say(status is null
            ? $"started {job}; `maintenance show {RunText.ShortId(runId)}` tells how it goes"
            : $"{RunText.Of(status.Status)}{(status.Reason is { } reason ? $": {reason}" : "")}");
    }

    static async Task<RunRecord> WaitAsync(IRunStore store, string runId, CancellationToken cancellationToken)
    {
        using var pause = new PeriodicTimer(RecordPause);
        while (true)
        {
            if (await store.GetRunAsync(runId, cancellationToken) is { Status: not RunStatus.Running } run)
                return run;
            await pause.WaitForNextTickAsync(cancellationToken);
        }
    }
}
