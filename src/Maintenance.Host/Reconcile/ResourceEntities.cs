using Maintenance.Jobs;
using Maintenance.Jobs.Resources;
using Maintenance.Schedules;
using Temporalio.Client;

namespace Maintenance.Host.Reconcile;

/// <summary>What happens to the entity of one resource: create, update, nothing, or refused.</summary>
/// <param name="Refusal">What is wrong and what to do, continuing "resource 'X' …"; null when nothing is.</param>
sealed record ResourceChange(ChangeKind Kind, ResourceDefinition Desired, string? Refusal = null)
{
    public string Id => Desired.Id;

    public bool Changes => Kind is ChangeKind.Create or ChangeKind.Update;
}

/// <summary>
/// Compares <c>resources.json</c> with the entities on the server, and tells them what it says. An entity whose entry is gone lives on: what it stands
/// for is still there, and only a person takes that away (<c>resources decommission</c>).
/// </summary>
/// <remarks>Each entity keeps the hash of its declaration in its memo, so that one list call tells what changed.</remarks>
sealed class ResourceEntities(ITemporalClient client, string installation, string by)
{
    /// <returns>What would happen, and the ids of our entities that the file does not name any more.</returns>
    public async Task<(IReadOnlyList<ResourceChange> Changes, IReadOnlyList<string> Left)> PlanAsync(
        IReadOnlyList<ResourceDefinition> desired, CancellationToken cancellationToken)
    {
        var living = await ListAsync(ResourceLimits.LivingQuery, cancellationToken);
        // Only a decommissioned one completes. Whatever else ended it by force, the resource is still there.
        var gone = desired.Any(d => !living.ContainsKey(d.Id)) ? await ListAsync(ResourceLimits.DecommissionedQuery, cancellationToken) : [];
        var ids = desired.Select(d => d.Id).ToHashSet(StringComparer.Ordinal);
        return (
            [.. desired.Select(d => ChangeOf(d, living.GetValueOrDefault(d.Id), gone.GetValueOrDefault(d.Id)))],
            [.. living.Values.Where(e => e.Owner == installation && !ids.Contains(e.Id)).Select(e => e.Id).Order(StringComparer.Ordinal)]);
    }

    /// <summary>Starts the entity, or tells the one that lives what git says now; either way once, and repeating changes nothing.</summary>
    public Task DeclareAsync(ResourceDefinition resource, CancellationToken cancellationToken) => client.StartWorkflowAsync(
        ResourceLimits.WorkflowType, [ResourceState.New(resource, by)],
        new(ResourceLimits.WorkflowId(resource.Id), TaskQueues.Control)
        {
            StartSignal = "declare",
            StartSignalArgs = [resource, by],
            StaticSummary = $"{resource.Kind} {resource.Id}",
            Memo = new Dictionary<string, object> { [RunMemo.Installation] = installation, [ResourceLimits.DeclarationMemo] = resource.Hash() },
            Rpc = Planner.Rpc(cancellationToken),
        });

    ResourceChange ChangeOf(ResourceDefinition desired, Entity? living, Entity? gone) => (living, gone) switch
    {
        ({ } other, _) when other.Owner != installation => new(
            ChangeKind.Refused, desired, "lives on the server and belongs to another installation; rename yours, or decommission that one first"),
        ({ } ours, _) => new(ours.Declaration == desired.Hash() ? ChangeKind.Unchanged : ChangeKind.Update, desired),
        (null, { ClosedAt: var closed }) => new(
            ChangeKind.Refused, desired,
            $"was decommissioned{(closed is { } at ? $" at {at:u}" : "")} and still stands in the file: "
                + "take the entry out, or give it another name if it shall be made anew"),
        _ => new(ChangeKind.Create, desired),
    };

    sealed record Entity(string Id, string? Owner, string? Declaration, DateTime? ClosedAt);

    async Task<Dictionary<string, Entity>> ListAsync(string query, CancellationToken cancellationToken)
    {
        var found = new Dictionary<string, Entity>(StringComparer.Ordinal);
        await foreach (var execution in client.ListWorkflowsAsync(query, new() { Rpc = Planner.Rpc(cancellationToken) }).WithCancellation(cancellationToken))
        {
            var id = ResourceLimits.IdOf(execution.Id);
            found[id] = new(id, await TextAsync(RunMemo.Installation), await TextAsync(ResourceLimits.DeclarationMemo), execution.CloseTime);

            async Task<string?> TextAsync(string key) => execution.Memo.TryGetValue(key, out var raw) ? await TemporalSchedules.TryTextAsync(raw) : null;
        }

        return found;
    }
}
