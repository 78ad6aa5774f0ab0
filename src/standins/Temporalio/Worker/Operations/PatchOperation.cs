using Temporalio.Api.History.V1;

namespace Temporalio.Worker.Operations;

/// <summary>The marker of a patch.</summary>
sealed class PatchOperation(string id) : Operation
{
    public override string? Difference(HistoryEvent recorded) =>
        PatchMarker.Read(recorded) is { } marker ? Differ("the patch", marker.Id, id) : "another kind of marker";
}

/// <summary>The search attribute that lists a run's patches; it follows a patch's marker.</summary>
sealed class ChangeVersionOperation : Operation
{
    public override string? Difference(HistoryEvent recorded) =>
        PatchMarker.IsChangeVersionUpsert(recorded) ? null : "other search attributes";
}

/// <summary>A command whose event has nothing to compare and nothing that follows from it.</summary>
sealed class PlainOperation : Operation;
