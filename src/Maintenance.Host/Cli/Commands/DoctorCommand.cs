using System.CommandLine;
using Maintenance.Host.Doctor;

namespace Maintenance.Host.Cli.Commands;

/// <summary><c>maintenance doctor</c> looks at each part of an installation and says what to do where one is not well.</summary>
static class DoctorCommand
{
    public static Command Create(Terminal terminal)
    {
        var command = new Command("doctor", "Look at every part of this installation; exit code 1 when one does not work");
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var settings = parsed.ReadSettings().Settings;
            var now = TimeProvider.System.GetUtcNow();
            IReadOnlyList<Finding> findings =
            [
                MachineChecks.DataFolder(settings),
                MachineChecks.TimeZones(),
                MachineChecks.Files(settings, now),
                await ServerChecks.ServerAsync(settings),
                .. await ServerChecks.RecordsAsync(settings, now, cancellationToken),
            ];

            if (parsed.WantsJson())
                terminal.ResultJson(findings);
            else
                Print(findings, terminal);
            return findings.Any(finding => finding.Health == Health.Ill) ? ExitCode.Failed : ExitCode.Ok;
        });
        return command;
    }

    static void Print(IReadOnlyList<Finding> findings, Terminal terminal)
    {
        foreach (var finding in findings)
        {
            terminal.Result($"{Word(finding.Health),-6} {finding.Part,-11} {finding.Says}");
            if (finding.Next is { } next)
                terminal.Result($"{"",-18} -> {next}");
        }
    }

    static string Word(Health health) => health switch
    {
        Health.Well => "ok",
        Health.Watch => "look",
        _ => "ILL",
    };
}
