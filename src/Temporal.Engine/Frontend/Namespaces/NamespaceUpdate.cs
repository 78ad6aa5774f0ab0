using Google.Protobuf.WellKnownTypes;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.Namespace.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Temporal.Engine;

/// <summary>UpdateNamespace: what is set in the request is changed, data is merged, the rest stays.</summary>
static class NamespaceUpdate
{
    /// <summary>Answers the namespace as the caller shall see it.</summary>
    public static NamespaceEntry Apply(EngineTransaction tx, UpdateNamespaceRequest request)
    {
        NamespaceRules.CheckName(request.Namespace);
        var registry = tx.State.Namespaces;
        var entry = registry.GetForUpdate(request.Namespace);
        var info = entry.Info.Clone();
        var config = entry.Config.Clone();
        if (request.UpdateInfo is { } changes)
            Change(info, changes);
        if (request.Config?.WorkflowExecutionRetentionTtl is { } retention)
        {
            NamespaceRules.CheckRetention(retention);
            config.WorkflowExecutionRetentionTtl = retention;
        }

        // As on the real server, bad binaries are a thing of the past: an update shows them and keeps none.
        if (request.DeleteBadBinary.Length > 0)
            throw NamespaceRules.Invalid($"Bad binary checksum {request.DeleteBadBinary} doesn't exists.");
        NamespaceRules.CheckCluster(request.ReplicationConfig?.ActiveClusterName ?? "");

        var updated = entry with { Info = info, Config = config };
        registry.Put(tx, updated);
        return WithBadBinaries(updated, request.Config?.BadBinaries, tx.Now);
    }

    static void Change(NamespaceInfo info, UpdateNamespaceInfo changes)
    {
        if (changes.Description.Length > 0)
            info.Description = changes.Description;
        if (changes.OwnerEmail.Length > 0)
            info.OwnerEmail = changes.OwnerEmail;
        foreach (var (name, value) in changes.Data)
            info.Data[name] = value;
        if (changes.State == info.State || changes.State == NamespaceState.Unspecified)
            return;
        if (info.State != NamespaceState.Registered || changes.State != NamespaceState.Deprecated)
            throw NamespaceRules.Invalid("Invalid state transition.");
        info.State = changes.State;
    }

    static NamespaceEntry WithBadBinaries(NamespaceEntry entry, BadBinaries? added, DateTime now)
    {
        if (added is null)
            return entry;

        var config = entry.Config.Clone();
        config.BadBinaries = added.Clone();
        foreach (var binary in config.BadBinaries.Binaries.Values)
            binary.CreateTime = Timestamp.FromDateTime(now);
        return entry with { Config = config };
    }
}
