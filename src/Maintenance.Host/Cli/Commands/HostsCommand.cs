using System.CommandLine;
using Maintenance.Jobs;
using Maintenance.Jobs.Definition;
using Maintenance.Jobs.Hosts;
using Temporalio.Client;

namespace Maintenance.Host.Cli.Commands;

/// <summary><c>maintenance hosts</c> lists the inventory, asks every host of it, and says when the silent ones were last seen.</summary>
static class HostsCommand
{
    static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(5);

    public static Command Create(Terminal terminal)
    {
        var label = new Option<string[]>("--label")
        {
            Description = "Only hosts with this label; may be repeated", HelpName = "NAME=VALUE",
        };
        var timeout = new Option<int>("--timeout")
        {
            Description = "Seconds to wait for answers (default: 5)", HelpName = "SECONDS",
            DefaultValueFactory = _ => (int)DefaultTimeout.TotalSeconds,
        };
        var command = new Command(
            "hosts", "List the hosts of jobs/hosts.json, ask each, and say when the silent ones were last seen") { label, timeout };
        command.SetAction((parsed, stop) =>
            RunAsync(parsed, parsed.GetValue(label) ?? [], TimeSpan.FromSeconds(parsed.GetValue(timeout)), terminal, stop));
        return command;
    }

    static async Task<int> RunAsync(ParseResult parsed, string[] labels, TimeSpan timeout, Terminal terminal, CancellationToken stop)
    {
        var settings = parsed.ReadSettings().Settings;
        var hosts = Hosts(settings.JobsDirectory, labels);
        var client = await TemporalAccess.ConnectAsync(settings);
        var question = new HostsQuestion { Ids = [.. hosts.Select(h => h.Id)], Timeout = timeout };
        var answers = await WorkflowCalls.RunAsync("hosts", async () => await client.ExecuteWorkflowAsync(
            (AskHostsWorkflow w) => w.RunAsync(question),
            new WorkflowOptions(
                $"{AskHostsWorkflow.WorkflowName}-{Guid.NewGuid():n}",
                TaskQueues.Control)
            { ExecutionTimeout = timeout + TimeSpan.FromMinutes(1) }));
        await using var store = await RecordsAccess.OpenAsync(settings, stop);
        var seen = await store.ListHostsSeenAsync(question.Ids, stop);
        var rows = hosts.Select(h => new Row(h, answers.First(a => a.Id == h.Id), seen.TryGetValue(h.Id, out var at) ? at : null)).ToList();
        Print(rows, parsed, terminal);
        return rows.TrueForAll(r => r.Answer.Answered) ? ExitCode.Ok : ExitCode.Failed;
    }

    static List<InventoryHost> Hosts(string jobsDirectory, string[] labels)
    {
        var path = Path.Combine(jobsDirectory, Inventory.FileName);
        if (!File.Exists(path))
            throw new CommandFailure(ExitCode.NotFound, $"there is no inventory {path}; docs/jobs.md says what it looks like.");
        var read = InventoryReader.Read(File.ReadAllText(path), path);
        if (read.Value is not { } inventory)
            throw new CommandFailure(ExitCode.BadFiles, string.Join('\n', read.Problems));
        var wanted = labels.Select(l => l.Split('=', 2)).ToDictionary(l => l[0], l => l.ElementAtOrDefault(1) ?? "");
        var hosts = inventory.Hosts.Where(h => wanted.All(l => h.Labels.GetValueOrDefault(l.Key) == l.Value)).ToList();
        return hosts.Count > 0 ? hosts : throw new CommandFailure(ExitCode.NotFound, "no host of the inventory fits.");
    }

    static void Print(List<Row> rows, ParseResult parsed, Terminal terminal)
    {
        if (parsed.WantsJson())
        {
            terminal.ResultJson(
                rows.Select(r =>
                    new
                    {
                        r.Host.Name, r.Host.Id, r.Host.Labels, r.Host.Groups, r.Answer.Answered, r.LastSeen, r.Answer.BootId,
                        r.Answer.Problem,
                    }));
            return;
        }

        terminal.Table(
            ["host", "state", "last seen", "labels"],
            rows.Select(r => (IReadOnlyList<string>)
            [
                r.Host.Name, r.Answer.Answered ? "there" : r.Answer.Problem ?? "no answer",
                r.LastSeen is { } at ? RunText.Time(at) : "never",
                string.Join(' ', r.Host.Labels.Select(l => $"{l.Key}={l.Value}")),
            ]));
    }

    sealed record Row(InventoryHost Host, HostAnswer Answer, DateTimeOffset? Recorded)
    {
        public DateTimeOffset? LastSeen => Answer.At ?? Recorded;
    }
}
