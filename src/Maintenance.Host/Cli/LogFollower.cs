using Maintenance.Host.Settings;
using Maintenance.Jobs.Runs;
using Maintenance.Jobs.Steps;
using Maintenance.Records;
using Temporalio.Client;

namespace Maintenance.Host.Cli;

/// <summary>
/// Prints what the scripts of a run write while they write it, across steps and attempts, on whatever host. Lines come from the heartbeats
/// of the running attempts; when an attempt has ended, what is left of it comes from the run itself.
/// </summary>
sealed class LogFollower(Terminal terminal, TimeProvider time)
{
    static readonly TimeSpan _pause = TimeSpan.FromSeconds(1);

    // Lines of each attempt that were printed; the last one stays, so that an attempt is begun once.
    readonly Dictionary<string, long> _printed = new(StringComparer.Ordinal);
    readonly HashSet<string> _ended = new(StringComparer.Ordinal);

    public async Task<int> FollowAsync(HostSettings settings, string name, string? onlyStep, CancellationToken cancellationToken)
    {
        var handle = await OpenRun.FindAsync(settings, name, cancellationToken);
        while (true)
        {
            var (running, log) = await WorkflowCalls.RunAsync(name, () => LookAsync(handle));
            // What was begun before goes on before anything else begins, and an attempt that ended is finished before the next one.
            Print(running.Attempts.Where(a => _printed.ContainsKey(a.ActivityId)), onlyStep);
            foreach (var attempt in log.Attempts)
                await FinishAsync(settings, attempt, onlyStep, cancellationToken);
            Print(running.Attempts.Where(a => !_printed.ContainsKey(a.ActivityId)), onlyStep);
            if (!running.IsOpen)
                return End(name, log);
            await Task.Delay(_pause, time, cancellationToken);
        }
    }

    /// <summary>The running attempts first: one that ends in between is then among the ended ones, never among neither.</summary>
    async Task<(RunningAttempts Running, RunLogView Log)> LookAsync(WorkflowHandle handle)
    {
        var running = await RunningAttempts.ReadAsync(handle.Client, handle.Id);
        return (running, await handle.QueryAsync<RunLogView>("log", [_ended.ToArray()]));
    }

    void Print(IEnumerable<RunningAttempt> attempts, string? onlyStep)
    {
        foreach (var attempt in attempts.Where(a => !_ended.Contains(a.ActivityId) && IsWanted(a.ActivityId, onlyStep)))
        {
            Begin(attempt.ActivityId);
            foreach (var line in attempt.Output.Lines)
            {
                var printed = _printed[attempt.ActivityId];
                if (line.Number is not { } number || number <= printed)
                    continue;
                if (number > printed + 1)
                    terminal.Say($"[{number - printed - 1} lines came too fast to be shown live]");
                terminal.Result(line.Text);
                _printed[attempt.ActivityId] = number;
            }
        }
    }

    async Task FinishAsync(HostSettings settings, AttemptLogView attempt, string? onlyStep, CancellationToken cancellationToken)
    {
        _ended.Add(attempt.ActivityId);
        if (!IsWanted(attempt.ActivityId, onlyStep))
            return;
        Begin(attempt.ActivityId);
        var printed = (int)_printed[attempt.ActivityId];
        var output = attempt.Output ?? new AttemptOutput();
        if (output.CutBytes == 0)
            PrintRest(output.Head, printed);
        else if (await FullAsync(settings, attempt, cancellationToken) is { } full)
            PrintRest(full, printed);
        else
        {
            terminal.Say($"[{output.CutBytes} bytes are not kept; the end follows]");
            PrintRest(printed == 0 ? output.Head + "\n" + output.Tail : output.Tail, 0);
        }

        if (attempt.Reason is { } reason)
            terminal.Say($"--- {attempt.ActivityId} {reason}");
    }

    void PrintRest(string text, int printed)
    {
        if (text.Length == 0)
            return;
        foreach (var line in text.TrimEnd('\n').Split('\n').Skip(printed))
            terminal.Result(line);
    }

    /// <summary>Null when it is not stored, or itself was cut, so that lines cannot be counted in it.</summary>
    static async Task<string?> FullAsync(HostSettings settings, AttemptLogView attempt, CancellationToken cancellationToken)
    {
        if (attempt.Output is { TotalBytes: > MostThatIsKept } || attempt.ExecutionRunId is not { } runId)
            return null;
        try
        {
            await using var store = await RecordsAccess.OpenAsync(settings, cancellationToken);
            return await store.GetFullOutputAsync(runId, attempt.ActivityId, cancellationToken);
        }
        catch (CommandFailure)
        {
            // This host has no records; head and tail came with the run.
            return null;
        }
    }

    const long MostThatIsKept = 1024 * 1024;

    void Begin(string activityId)
    {
        if (_printed.TryAdd(activityId, 0))
            terminal.Say($"--- {Step(activityId)}, attempt {activityId[(activityId.LastIndexOf('/') + 1)..]}");
    }

    int End(string name, RunLogView log)
    {
        terminal.Say($"--- run {name} {RunText.Of(log.Status)}{(log.Reason is { } reason ? $": {reason}" : "")}");
        return log.Status is RunStatus.Succeeded or RunStatus.Skipped ? ExitCode.Ok : ExitCode.Failed;
    }

    static bool IsWanted(string activityId, string? onlyStep) => onlyStep is null || Step(activityId) == onlyStep;

    static string Step(string activityId) => activityId[..Math.Max(activityId.LastIndexOf('/'), 0)];
}
