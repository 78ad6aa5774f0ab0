using Temporal.Engine.Stored;
using Temporalio.Api.Enums.V1;

namespace Temporal.Engine.Schedules;

/// <summary>What becomes of the starts that wait, given whether a tracked run is open.</summary>
/// <param name="StartNow">In this order. All but <paramref name="Tracked"/> may run side by side.</param>
/// <param name="Tracked">The one of <paramref name="StartNow"/> that the others must not overlap with.</param>
/// <param name="KeepWaiting">The new buffer.</param>
sealed record OverlapDecision(
    List<BufferedStartRecord> StartNow, BufferedStartRecord? Tracked, List<BufferedStartRecord> KeepWaiting, bool Cancel, bool Terminate,
    int Skipped)
{
    /// <param name="own">The schedule's policy, for starts that name none: the one of this moment counts, not that of their due
    /// time.</param>
    public static OverlapDecision Of(IEnumerable<BufferedStartRecord> waiting, bool isRunning, ScheduleOverlapPolicy own)
    {
        var (startNow, keep) = (new List<BufferedStartRecord>(), new List<BufferedStartRecord>());
        BufferedStartRecord? tracked = null;
        var (cancel, terminate, skipped) = (false, false, 0);
        foreach (var start in waiting)
        {
            var policy = ScheduleLimits.Resolve(start.OverlapPolicy, own);
            if (policy == ScheduleOverlapPolicy.AllowAll)
            {
                startNow.Add(start);
            }
            else if (!isRunning && (tracked is null || policy is ScheduleOverlapPolicy.CancelOther or ScheduleOverlapPolicy.TerminateOther))
            {
                // The one that was about to start has not started yet: a later one that would end it takes its place.
                tracked = start;
            }
            else if (policy == ScheduleOverlapPolicy.BufferAll || (policy == ScheduleOverlapPolicy.BufferOne && keep.Count == 0))
            {
                keep.Add(start);
            }
            else if (policy is ScheduleOverlapPolicy.CancelOther or ScheduleOverlapPolicy.TerminateOther)
            {
                cancel |= policy == ScheduleOverlapPolicy.CancelOther;
                terminate |= policy == ScheduleOverlapPolicy.TerminateOther;
                // Starts when the other has ended.
                keep.Add(start);
            }
            else
            {
                skipped++;
            }
        }

        // Ending what runs would end these too.
        if (cancel || terminate)
            startNow.Clear();
        if (tracked is not null)
            startNow.Add(tracked);
        return new(startNow, tracked, keep, cancel && !terminate, terminate, skipped);
    }
}
