using System.CommandLine;
using Maintenance.Records;

namespace Maintenance.Host.Cli.Commands;

/// <summary><c>maintenance show RUN</c> tells the story of one run; its last lines say how it ended and why.</summary>
static class ShowCommand
{
    public static Command Create(Terminal terminal)
    {
        var run = new Argument<string>("RUN") { Description = "Run id, its beginning, or a workflow id" };
        var command = new Command("show", "Tell what happened in a run") { run };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var store = await RecordsAccess.OpenAsync(parsed.ReadSettings().Settings, cancellationToken);
            var record = await RecordsAccess.FindAsync(store, parsed.GetValue(run)!, cancellationToken);
            if (parsed.WantsJson())
                terminal.ResultJson(record);
            else
                new RunStory(terminal).Tell(record);
            return ExitCode.Ok;
        });
        return command;
    }
}
