using System.Globalization;
using Maintenance.Host.Runtime;
using Maintenance.Host.Settings;
using Maintenance.Schedules;

namespace Maintenance.Host.Cli;

/// <summary>What <c>up</c> says when it is ready: where things are, what comes next, and what to type.</summary>
static class Welcome
{
    public static void Say(HostSettings settings, bool ownEngine, string address, Runner runner, TimeSpan took, Terminal terminal)
    {
        terminal.Result(
            $"  server     {address}{(ownEngine ? " (embedded engine; any Temporal client, CLI or UI can connect)" : "")}, "
                + $"namespace {settings.Temporal.Namespace}");
        terminal.Result($"  records    {runner.Records}");
        SaySchedules(settings, runner, terminal);
        var flags = settings.DataDirectory == SettingsReader.DefaultDataDirectory() ? "" : $" --data {settings.DataDirectory}";
        terminal.Result(string.Create(CultureInfo.InvariantCulture,
            $"ready after {took.TotalSeconds:0.0} s. In another terminal: `maintenance runs{flags}`, then `maintenance show RUN{flags}`. "
                + $"Ctrl-C stops."));
    }

    static void SaySchedules(HostSettings settings, Runner runner, Terminal terminal)
    {
        var file = Path.GetRelativePath(Environment.CurrentDirectory, settings.SchedulesFile);
        var (plan, problems) = runner.FirstApply;
        if (problems.Count > 0)
        {
            BadFiles.Say(problems, terminal);
            terminal.Result($"  schedules  {file} has problems: what was applied before goes on; mend it, and it is applied at once");
            return;
        }

        if (plan is null)
        {
            terminal.Result("  schedules  applied as soon as the records answer");
            return;
        }

        var all = plan.Desired.Set.Schedules;
        var paused = all.Count(schedule => schedule.PausedReason is not null);
        terminal.Result($"  schedules  {all.Count} from {file}{(paused > 0 ? $", {paused} paused" : "")}: {PlanText.Summary(plan)}");
        SayNext(all, terminal);
    }

    static void SayNext(IReadOnlyList<Schedule> schedules, Terminal terminal)
    {
        var now = TimeProvider.System.GetUtcNow();
        var next = schedules.Where(schedule => schedule.PausedReason is null)
            .Select(schedule =>
                (schedule.Id, At: NextTimes.Of(schedule, now, 1).Times.Select(time => (DateTimeOffset?)time).FirstOrDefault()))
            .Where(due => due.At is not null)
            .OrderBy(due => due.At)
            .FirstOrDefault();
        terminal.Result(next.At is { } at
            ? $"  next       {next.Id} at {RunText.Time(at)} (in {RunText.Duration(at - now)})"
            : "  next       nothing is due: every schedule is paused, or there is none");
    }
}
