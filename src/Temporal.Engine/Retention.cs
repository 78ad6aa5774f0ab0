using Microsoft.Extensions.Logging;

namespace Temporal.Engine;

/// <summary>
/// Deletes closed workflows whose namespace's retention is over: a few per step, and the next step soon while there are
/// more, so that a full engine never stands still for it.
/// </summary>
sealed class Retention(EngineState state) : IEngineSubsystem, ITimed
{
    const int StepLimit = 50;
    static readonly TimeSpan StepEvery = TimeSpan.FromMilliseconds(200);
    static readonly TimeSpan LookEvery = TimeSpan.FromMinutes(1);

    readonly ILogger _log = state.Options.LoggerFactory.CreateLogger<Retention>();

    public int HeapIndex { get; set; } = -1;

    public DateTime Due { get; set; }

    public void Load(EngineState loaded) => loaded.Timers.Set(this, loaded.Time.GetUtcNow().UtcDateTime + LookEvery);

    public void OnWorkflowClosed(EngineTransaction tx, WorkflowClosed closed)
    {
    }

    public void Fire(EngineTransaction tx)
    {
        var deleted = 0;
        foreach (var ns in tx.State.Namespaces.All.Where(ns => ns.Retention > TimeSpan.Zero))
        {
            foreach (var key in tx.State.Store.ClosedBefore(ns.Id, tx.Now - ns.Retention, StepLimit - deleted))
            {
                tx.Delete(key);
                deleted++;
            }

            if (deleted >= StepLimit)
                break;
        }

        if (deleted > 0)
            EngineLog.RetentionDeleted(_log, deleted);
        tx.State.Timers.Set(this, tx.Now + (deleted >= StepLimit ? StepEvery : LookEvery));
    }
}
