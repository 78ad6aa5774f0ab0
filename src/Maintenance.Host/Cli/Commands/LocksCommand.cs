using System.CommandLine;
using System.Globalization;
using Maintenance.Host.Settings;
using Maintenance.Jobs.Locks;
using Temporalio.Client;

namespace Maintenance.Host.Cli.Commands;

/// <summary><c>maintenance locks</c>: who holds which lock, who waits; and the way to take one away.</summary>
static class LocksCommand
{
    public static Command Create(Terminal terminal)
    {
        var all = new Option<bool>("--all") { Description = "Also the locks that nobody holds" };
        var command = new Command("locks", "Who holds which lock, and who waits") { all };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var client = await TemporalAccess.ConnectAsync(parsed.ReadSettings().Settings);
            var locks = await ListAsync(client, cancellationToken);
            var shown = locks.Where(l => parsed.GetValue(all) || l.Holders.Count + l.Queue.Count > 0)
                .OrderBy(l => l.Lock, StringComparer.Ordinal).ToList();
            if (parsed.WantsJson())
                terminal.ResultJson(shown);
            else
                Tell(terminal, shown);
            return ExitCode.Ok;
        });
        command.Add(Release(terminal));
        command.Add(Check(terminal));
        return command;
    }

    static Command Release(Terminal terminal)
    {
        var name = new Argument<string>("NAME") { Description = "The lock" };
        var reason = new Option<string>("--reason") { Description = "Why; it is recorded", HelpName = "TEXT", Required = true };
        var run = new Option<string>("--run") { Description = "Only from this run (default: from every holder)", HelpName = "RUN" };
        var command = new Command("release", "Take a lock from its holder by force; the run fails before its next attempt")
        {
            name, reason, run,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var handle = await FindAsync(parsed.ReadSettings().Settings, parsed.GetValue(name)!);
            var order = new LockBreak { By = TemporalAccess.Person, Reason = parsed.GetValue(reason), Run = parsed.GetValue(run) };
            var after = await CallAsync(parsed.GetValue(name)!, () => handle.ExecuteUpdateAsync<LockStatusView>("break", [order]));
            if (parsed.WantsJson())
                terminal.ResultJson(after);
            else
                terminal.Result(
                    $"the lock {after.Lock} was taken away; it is {Now(after)}");
            return ExitCode.Ok;
        });
        return command;
    }

    static Command Check(Terminal terminal)
    {
        var name = new Argument<string>("NAME") { Description = "The lock" };
        var token = new Argument<long>("TOKEN") { Description = "The value of MAINTENANCE_LOCK_TOKEN" };
        var command = new Command("check", "Exit code 0 when the token's holder still holds the lock, else 1") { name, token };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var handle = await FindAsync(parsed.ReadSettings().Settings, parsed.GetValue(name)!);
            var good = await CallAsync(parsed.GetValue(name)!, () => handle.QueryAsync<bool>("check", [parsed.GetValue(token)]));
            if (parsed.WantsJson())
                terminal.ResultJson(new { @lock = parsed.GetValue(name), token = parsed.GetValue(token), held = good });
            else
                terminal.Result(good ? "held" : $"token {parsed.GetValue(token)} does not hold the lock any more");
            return good ? ExitCode.Ok : ExitCode.Failed;
        });
        return command;
    }

    static string Now(LockStatusView after) =>
        after.Holders.Count == 0 ? "free" : $"held by {string.Join(", ", after.Holders.Select(h => LockText.Who(h.Request)))} now";

    static async Task<List<LockStatusView>> ListAsync(TemporalClient client, CancellationToken cancellationToken)
    {
        var locks = new List<LockStatusView>();
        var query = $"WorkflowType = '{LockRules.WorkflowType}' AND ExecutionStatus = 'Running'";
        await foreach (var execution in client.ListWorkflowsAsync(query).WithCancellation(cancellationToken))
            locks.Add(await CallAsync(execution.Id, () => client.GetWorkflowHandle(execution.Id).QueryAsync<LockStatusView>("status", [])));
        return locks;
    }

    static async Task<WorkflowHandle> FindAsync(HostSettings settings, string name) =>
        (await TemporalAccess.ConnectAsync(settings)).GetWorkflowHandle(LockRules.WorkflowId(name));

    static Task<T> CallAsync<T>(string name, Func<Task<T>> call) => WorkflowCalls.OfLockAsync(name, call);

    static void Tell(Terminal terminal, List<LockStatusView> locks)
    {
        if (locks.Count == 0)
        {
            terminal.Say("nobody holds a lock");
            return;
        }

        terminal.Table(["LOCK", "HELD", "BY", "SINCE", "TOKEN", "WAITING"], locks.SelectMany(Rows));
    }

    /// <summary>A line for each holder; what belongs to the lock stands in its first one.</summary>
    static IEnumerable<IReadOnlyList<string>> Rows(LockStatusView one)
    {
        var now = TimeProvider.System.GetUtcNow();
        var waiting = string.Join(", ", one.Queue.Select(q => LockText.Waiting(q, now)));
        if (one.Holders.Count == 0)
            yield return [one.Lock, LockText.Use(one), "", "", "", waiting];
        foreach (var (holder, first) in one.Holders.Select((h, i) => (h, i == 0)))
            yield return
            [
                first ? one.Lock : "", first ? LockText.Use(one) : "", LockText.Who(holder.Request), RunText.Time(holder.Since),
                holder.Token.ToString(CultureInfo.InvariantCulture), first ? waiting : "",
            ];
    }
}
