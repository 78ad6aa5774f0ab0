using System.CommandLine;

namespace Maintenance.Host.Cli.Commands;

/// <summary><c>maintenance records</c>: what an operator does with the records as a whole.</summary>
static class RecordsCommand
{
    public static Command Create(Terminal terminal) => new(
        "records", "Look after the records: write them again, let old ones go, see to reports that did not arrive")
    {
        RecordsRebuildCommand.Create(terminal),
        RecordsPruneCommand.Create(terminal),
        DeadMessageCommands.List(terminal),
        DeadMessageCommands.Retry(terminal),
    };
}
