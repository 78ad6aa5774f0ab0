using System.CommandLine;
using Maintenance.Host.Settings;
using Maintenance.Records;

namespace Maintenance.Host.Cli.Commands;

/// <summary><c>maintenance show RUN</c> tells the story of one run; its last lines say how it ended and why, or what it does now.</summary>
static class ShowCommand
{
    public static Command Create(Terminal terminal)
    {
        var run = new Argument<string>("RUN") { Description = "Run id, its beginning, or a workflow id" };
        var command = new Command("show", "Tell what happened in a run") { run };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var settings = parsed.ReadSettings().Settings;
            await using var store = await RecordsAccess.OpenAsync(settings, cancellationToken);
            var record = await RecordsAccess.FindAsync(store, parsed.GetValue(run)!, cancellationToken);
            var story = new RunStory(terminal);
            if (parsed.WantsJson())
                terminal.ResultJson(record);
            else if (record.Status == RunStatus.Running)
                story.TellOpen(record, await NowAsync(settings, record, cancellationToken));
            else
                story.Tell(record);
            return ExitCode.Ok;
        });
        return command;
    }

    /// <summary>The steps of an open run are not on record yet. Without its server the record is all there is, and that is said.</summary>
    static async Task<RunNow> NowAsync(HostSettings settings, RunRecord record, CancellationToken cancellationToken)
    {
        try
        {
            var client = await TemporalAccess.ConnectAsync(settings);
            return await WorkflowCalls.RunAsync(
                record.WorkflowId, () => RunNow.AskAsync(client.GetWorkflowHandle(record.WorkflowId), cancellationToken));
        }
        catch (CommandFailure away)
        {
            return new(null, [], away.Message);
        }
    }
}
