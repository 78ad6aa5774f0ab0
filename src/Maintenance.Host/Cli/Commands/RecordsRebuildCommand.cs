using System.CommandLine;
using Maintenance.Host.Runtime;
using Maintenance.Records;

namespace Maintenance.Host.Cli.Commands;

/// <summary><c>maintenance records rebuild RUN</c> writes a run's record again from its workflow history.</summary>
static class RecordsRebuildCommand
{
    public static Command Create(Terminal terminal)
    {
        var run = new Argument<string?>("RUN")
        {
            Description = "Run id or workflow id; the beginning of an id while its row can be read", Arity = ArgumentArity.ZeroOrOne,
        };
        var all = new Option<bool>("--all") { Description = "Every run of this installation that the server still has" };
        var command = new Command("rebuild", "Write a run's record again from its workflow history; repeating it changes nothing")
        {
            run, all,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(all) == result.GetValue(run) is not null)
                result.AddError("name a run, or --all");
        });
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var settings = parsed.ReadSettings().Settings;
            var client = await TemporalAccess.ConnectAsync(settings);
            await using var store = await RecordsAccess.OpenToWriteAsync(settings, cancellationToken);
            var rebuilding = new RecordRebuilding(client, store);
            IReadOnlyList<RebuiltRun> rebuilt = parsed.GetValue(run) is { } name
                ? [await rebuilding.RebuildAsync(name, cancellationToken)]
                : await rebuilding.RebuildAllAsync(StateFolder.InstallationOf(settings), cancellationToken);
            if (parsed.WantsJson())
                terminal.ResultJson(rebuilt);
            else
                Print(rebuilt, terminal);
            return ExitCode.Ok;
        });
        return command;
    }

    static void Print(IReadOnlyList<RebuiltRun> rebuilt, Terminal terminal)
    {
        foreach (var one in rebuilt.Where(one => rebuilt.Count == 1 || one.Was != RowWas.Same))
        {
            terminal.Result(
                $"{one.Run.Job}  {one.Run.RunId}  {RunText.Of(one.Run.Status)}: " + one.Was switch
                {
                    RowWas.Missing => "the record was missing and is written",
                    RowWas.Damaged => "the record could not be read and is written again",
                    RowWas.Different => "the record said something else than the history and is written again",
                    _ => "the record was as the history says",
                });
        }

        if (rebuilt.Count != 1)
            terminal.Result($"{rebuilt.Count} runs read, {rebuilt.Count(one => one.Was != RowWas.Same)} records written again");
    }
}
