using System.Text.Encodings.Web;
using System.Text.Json;
using Maintenance.Host.Importing;
using Maintenance.Schedules;

namespace Maintenance.Host.Cli.Commands;

/// <summary>
/// <c>shadow --watch</c>: follows cron's logs and says of each minute, when it is over, what would have run and what cron did.
/// </summary>
sealed class ShadowFollowing(ShadowWatch watch, IReadOnlyList<string> logs, Zone zone, TimeProvider time, Terminal terminal)
{
    static readonly TimeSpan _look = TimeSpan.FromSeconds(1);
    static readonly JsonSerializerOptions _oneLine = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <param name="until">Null: until it is told to stop.</param>
    public async Task<int> RunAsync(DateTimeOffset? until, bool asJson, CancellationToken stop)
    {
        terminal.Say(
            $"from {Instants.Format(watch.Until)} on; nothing is started, each minute is judged {ShadowWatch.Patience.TotalSeconds} s "
                + "after it is over");
        var begun = watch.Until;
        if (logs.FirstOrDefault(path => !File.Exists(path)) is { } missing)
            throw new CommandFailure(
                ExitCode.NotFound,
                $"{missing} does not exist; cron's log is /var/log/syslog or /var/log/cron.log, or what `journalctl -f -t CRON >FILE` "
                    + "writes.");
        var tails = logs.Select(path => new LogTail(path)).ToList();
        var last = new DateTimeOffset?[tails.Count];
        try
        {
            for (; ; await Task.Delay(_look, time, stop))
            {
                var now = time.GetUtcNow();
                for (var i = 0; i < tails.Count; i++)
                {
                    var starts = CronLog.Read(tails[i].Read(), zone, now, last[i]);
                    watch.Saw(starts);
                    last[i] = starts.Count > 0 ? starts[^1].At : last[i];
                }

                foreach (var one in watch.Judge(until is { } end && end + ShadowWatch.Patience < now ? end + ShadowWatch.Patience : now))
                    Print(one, asJson);
                if (until is { } to && watch.Until.AddMinutes(1) > to)
                    break;
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // That is how a watch ends.
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailure(ExitCode.NotFound, unreadable.Message);
        }
        finally
        {
            tails.ForEach(tail => tail.Dispose());
        }

        terminal.Say(
            $"from {Instants.Format(begun)} to {Instants.Format(watch.Until)}: due {watch.Due} times, {watch.Differences} differences to "
                + "cron; nothing was started");
        return watch.Differences == 0 ? ExitCode.Ok : ExitCode.Failed;
    }

    void Print(ShadowEvent one, bool asJson) => terminal.Result(asJson
        ? JsonSerializer.Serialize(one, _oneLine)
        : $"{Instants.Format(one.At)} {(one.Schedule is null ? "" : $"{one.Schedule}: ")}{one.Verdict}{(one.Command is null ? "" : $": {one.Command}")}{(one.Different ? "  DIFFERENT" : "")}");
}
