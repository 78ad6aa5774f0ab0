using Google.Protobuf;
using Temporalio.Api.Command.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Common;
using Temporalio.Exceptions;
using Temporalio.Worker.Operations;

namespace Temporalio.Worker.Execution;

/// <summary>The patches of a run: which ones history has, and which ones the code asked for.</summary>
sealed class PatchRegistry(WorkflowInstance workflow, Func<PatchActivationInput, bool>? mayActivate)
{
    // Beyond this the search attribute would be refused by the server, and the task with it.
    const int ChangeVersionBytesMax = 2048;

    static readonly SearchAttributeKey<IReadOnlyCollection<string>> ChangeVersionKey =
        SearchAttributeKey.CreateKeywordList(PatchMarker.ChangeVersion);

    readonly HashSet<string> _inHistory = new(StringComparer.Ordinal);
    readonly Dictionary<string, bool> _asked = new(StringComparer.Ordinal);

    /// <summary>History has a marker of this patch, now or in the next completed task.</summary>
    public void AddFromHistory(string id) => _inHistory.Add(id);

    /// <summary>Whether the run has the patch. The first answer holds for the whole run.</summary>
    public bool Ask(string id, bool deprecated)
    {
        if (_asked.TryGetValue(id, out var known))
            return known || deprecated;

        workflow.Writable();
        var has = _inHistory.Contains(id) || (!workflow.IsReplayingHistoryEvents && (deprecated || MayActivate(id)));
        _asked.Add(id, has);
        if (has)
            Record(id, deprecated);
        return has;
    }

    bool MayActivate(string id)
    {
        if (mayActivate is null)
            return true;

        using var reading = workflow.ReadOnly("the patch activation callback");
        return mayActivate(new(workflow.Info, id));
    }

    void Record(string id, bool deprecated)
    {
        workflow.Commands.Add(new(
            new PatchOperation(id), new PatchMarker(id, deprecated).ToCommand(), EventType.MarkerRecorded,
            $"patch '{id}'")
        { MayBeAbsent = true });

        string[] all = [.. _asked.Where(entry => entry.Value).Select(entry => entry.Key).Order(StringComparer.Ordinal)];
        var attribute = SearchAttributePayload.ToPayload(ChangeVersionKey, all);
        if (attribute.Data.Length >= ChangeVersionBytesMax)
            return;

        workflow.Commands.Add(new(
            new ChangeVersionOperation(),
            new()
            {
                CommandType = CommandType.UpsertWorkflowSearchAttributes,
                UpsertWorkflowSearchAttributesCommandAttributes = new()
                {
                    SearchAttributes = new() { IndexedFields = { [PatchMarker.ChangeVersion] = attribute } },
                },
            },
            EventType.UpsertWorkflowSearchAttributes,
            "the list of patches")
        { MayBeAbsent = true });
    }
}
