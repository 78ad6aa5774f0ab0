using Temporalio.Api.Enums.V1;
using Temporalio.Api.Namespace.V1;
using Temporalio.Api.Replication.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Temporal.Engine;

/// <summary>A namespace as callers see it. What is the same for all of them is added here and not stored.</summary>
static class NamespaceAnswers
{
    const long BlobSizeMax = 2 * 1024 * 1024;
    const long TaskCompletionSizeMax = 40 * 1024 * 1024;

    public static DescribeNamespaceResponse Describe(NamespaceEntry entry) => new()
    {
        NamespaceInfo = Info(entry),
        Config = Config(entry),
        ReplicationConfig = Replication(),
    };

    public static UpdateNamespaceResponse Updated(NamespaceEntry entry) => new()
    {
        NamespaceInfo = Info(entry),
        Config = Config(entry),
        ReplicationConfig = Replication(),
    };

    static NamespaceInfo Info(NamespaceEntry entry)
    {
        var info = entry.Info.Clone();
        // Clients and the UI switch features on by these flags: what is not built stays false.
        info.Capabilities = new()
        {
            EagerWorkflowStart = true, SyncUpdate = true, AsyncUpdate = true, WorkerHeartbeats = true,
            ReportedProblemsSearchAttribute = true,
        };
        info.Limits = new()
        {
            BlobSizeLimitError = BlobSizeMax,
            MemoSizeLimitError = BlobSizeMax,
            WorkflowTaskCompletionSizeLimitError = TaskCompletionSizeMax,
        };
        info.SupportsSchedules = true;
        return info;
    }

    static NamespaceConfig Config(NamespaceEntry entry)
    {
        var config = entry.Config.Clone();
        config.BadBinaries ??= new();
        config.HistoryArchivalState = ArchivalState.Disabled;
        config.VisibilityArchivalState = ArchivalState.Disabled;
        return config;
    }

    static NamespaceReplicationConfig Replication() => new()
    {
        ActiveClusterName = NamespaceRegistry.ClusterName,
        Clusters = { new ClusterReplicationConfig { ClusterName = NamespaceRegistry.ClusterName } },
        State = ReplicationState.Normal,
    };
}
