using Temporalio.Api.Enums.V1;
using Temporalio.Api.History.V1;
using Temporalio.Api.Update.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Temporal.Engine;

/// <summary>What the new run takes over of all that happened after the point of the reset.</summary>
static partial class ResetRules
{
    /// <param name="Events">In order.</param>
    /// <param name="Own">How many of them are of the run that is reset; the rest are of the runs that it has continued as.</param>
    sealed record Later(List<HistoryEvent> Events, int Own);

    static readonly ResetReapplyExcludeType[] All =
        [.. Enum.GetValues<ResetReapplyExcludeType>().Where(type => type != ResetReapplyExcludeType.Unspecified)];

    static HashSet<ResetReapplyExcludeType> ExcludedBy(ResetWorkflowExecutionRequest request)
    {
        var excluded = request.ResetReapplyExcludeTypes.ToHashSet();
#pragma warning disable CS0612 // The deprecated way to say it is still sent.
        if (request.ResetReapplyType == ResetReapplyType.None)
            excluded.UnionWith([ResetReapplyExcludeType.Signal, ResetReapplyExcludeType.Update]);
        else if (request.ResetReapplyType == ResetReapplyType.Signal)
            excluded.Add(ResetReapplyExcludeType.Update);
#pragma warning restore CS0612
        return excluded;
    }

    /// <summary>Signals, updates and changed options, and what became of the children that the run had by then.</summary>
    static void Reapply(EngineTransaction tx, WorkflowRun run, Later later, HashSet<ResetReapplyExcludeType> excluded)
    {
        if (excluded.IsSupersetOf(All))
            return;
        for (var i = 0; i < later.Events.Count; i++)
        {
            var one = later.Events[i];
            if (one.EventType == EventType.WorkflowExecutionSignaled && !excluded.Contains(ResetReapplyExcludeType.Signal))
            {
                var again = new HistoryEvent { WorkflowExecutionSignaledEventAttributes = one.WorkflowExecutionSignaledEventAttributes.Clone() };
                again.Links.AddRange(one.Links);
                run.Add(tx, again);
            }
            else if (UpdateOf(one) is { } update && !excluded.Contains(ResetReapplyExcludeType.Update) && !run.UpdateEvents.ContainsKey(update.Meta.UpdateId))
            {
                run.Add(tx, new() { WorkflowExecutionUpdateAdmittedEventAttributes = new() { Request = update, Origin = UpdateAdmittedEventOrigin.Reapply } });
            }
            else if (one.WorkflowExecutionOptionsUpdatedEventAttributes is { } options)
            {
                var again = new HistoryEvent { WorkflowExecutionOptionsUpdatedEventAttributes = options.Clone() };
                again.Links.AddRange(one.Links);
                run.Add(tx, again);
            }
            else if (i < later.Own && ChildRules.AgainFor(run, one) is { } child)
            {
                run.Add(tx, child);
            }
        }
    }

    /// <summary>The update that an event brought into the history. One that was admitted before has no request in its acceptance.</summary>
    static Request? UpdateOf(HistoryEvent one) =>
        one.WorkflowExecutionUpdateAdmittedEventAttributes?.Request ?? one.WorkflowExecutionUpdateAcceptedEventAttributes?.AcceptedRequest;

    /// <summary>Children that the old run had asked for and not seen start, and those that ended while no run was there to be told.</summary>
    static void TakeChildrenAlong(EngineTransaction tx, WorkflowRun run)
    {
        foreach (var child in run.Children.Values.ToList())
        {
            if (!child.IsStarted)
                tx.Defer(() => ChildRules.Start(tx, run, child.InitiatedEventId));
            else if (ChildRules.MissedEndOf(tx, run, child) is { } end)
                run.Add(tx, end);
        }
    }
}
