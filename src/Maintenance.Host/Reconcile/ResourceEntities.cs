using Maintenance.Jobs;
using Maintenance.Jobs.Resources;
using Maintenance.Schedules;
using Temporalio.Client;

namespace Maintenance.Host.Reconcile;

/// <summary>What happens to the entity of one resource: create, update, nothing, or refused since it is another installation's.</summary>
sealed record ResourceChange(ChangeKind Kind, ResourceDefinition Desired)
{
    public string Id => Desired.Id;

    public bool Changes => Kind is ChangeKind.Create or ChangeKind.Update;
}

/// <summary>
/// Compares <c>resources.json</c> with the entities on the server, and tells them what it says. An entity whose entry is gone lives on: what it stands
/// for is still there, and only a person takes that away (<c>resources decommission</c>).
/// </summary>
/// <remarks>Each entity keeps the hash of its declaration in its memo, so that one list call tells what changed.</remarks>
sealed class ResourceEntities(ITemporalClient client, string installation)
{
    /// <returns>What would happen, and the ids of our entities that the file does not name any more.</returns>
    public async Task<(IReadOnlyList<ResourceChange> Changes, IReadOnlyList<string> Left)> PlanAsync(
        IReadOnlyList<ResourceDefinition> desired, CancellationToken cancellationToken)
    {
        var living = await ListAsync(cancellationToken);
        var ids = desired.Select(d => d.Id).ToHashSet(StringComparer.Ordinal);
        return (
            [.. desired.Select(d => new ResourceChange(KindOf(d, living.GetValueOrDefault(d.Id)), d))],
            [.. living.Values.Where(e => e.Owner == installation && !ids.Contains(e.Id)).Select(e => e.Id).Order(StringComparer.Ordinal)]);
    }

    /// <summary>Starts the entity, or tells the one that lives what git says now; either way once, and repeating changes nothing.</summary>
    public Task DeclareAsync(ResourceDefinition resource, CancellationToken cancellationToken) => client.StartWorkflowAsync(
        ResourceLimits.WorkflowType, [ResourceState.New(resource)],
        new(ResourceLimits.WorkflowId(resource.Id), TaskQueues.Control)
        {
            StartSignal = "declare",
            StartSignalArgs = [resource],
            StaticSummary = $"{resource.Kind} {resource.Id}",
            Memo = new Dictionary<string, object> { [RunMemo.Installation] = installation, [ResourceLimits.DeclarationMemo] = resource.Hash() },
            Rpc = Planner.Rpc(cancellationToken),
        });

    ChangeKind KindOf(ResourceDefinition desired, Entity? living) => living switch
    {
        null => ChangeKind.Create,
        _ when living.Owner != installation => ChangeKind.Refused,
        _ => living.Declaration == desired.Hash() ? ChangeKind.Unchanged : ChangeKind.Update,
    };

    sealed record Entity(string Id, string? Owner, string? Declaration);

    async Task<Dictionary<string, Entity>> ListAsync(CancellationToken cancellationToken)
    {
        var living = new Dictionary<string, Entity>(StringComparer.Ordinal);
        await foreach (var execution in client.ListWorkflowsAsync(ResourceLimits.LivingQuery, new() { Rpc = Planner.Rpc(cancellationToken) }).WithCancellation(cancellationToken))
        {
            var id = ResourceLimits.IdOf(execution.Id);
            living[id] = new(id, await TextAsync(RunMemo.Installation), await TextAsync(ResourceLimits.DeclarationMemo));

            async Task<string?> TextAsync(string key) => execution.Memo.TryGetValue(key, out var raw) ? await TemporalSchedules.TryTextAsync(raw) : null;
        }

        return living;
    }
}
