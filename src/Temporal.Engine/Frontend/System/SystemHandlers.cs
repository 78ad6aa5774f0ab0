using Temporal.Protocol;
using Temporalio.Api.WorkflowService.V1;

namespace Temporal.Engine;

/// <summary>What the server is and can do. Clients switch features on by these flags, so what is not built says false.</summary>
sealed class SystemHandlers(string clusterId)
{
    public void AddTo(RpcServiceTable table)
    {
        table.Add(WorkflowServiceMethods.GetSystemInfo, (_, _) => new(SystemInfo()));
        table.Add(WorkflowServiceMethods.GetClusterInfo, (_, _) => new(ClusterInfo()));
    }

    static GetSystemInfoResponse SystemInfo() => new()
    {
        ServerVersion = ServerVersion.Text,
        Capabilities = new()
        {
            SignalAndQueryHeader = true,
            InternalErrorDifferentiation = true,
            ActivityFailureIncludeHeartbeat = true,
            SupportsSchedules = true,
            EncodedFailureAttributes = true,
            BuildIdBasedVersioning = false,
            UpsertMemo = true,
            EagerWorkflowStart = true,
            SdkMetadata = true,
            CountGroupByExecutionStatus = true,
            Nexus = false,
            ServerScaledDeployments = false,
        },
    };

    GetClusterInfoResponse ClusterInfo()
    {
        var info = new GetClusterInfoResponse
        {
            ServerVersion = ServerVersion.Text,
            ClusterId = clusterId,
            ClusterName = NamespaceRegistry.ClusterName,
            HistoryShardCount = 1,
            PersistenceStore = "sqlite",
            VisibilityStore = "sqlite",
            InitialFailoverVersion = 1,
            FailoverVersionIncrement = 10,
        };
        info.SupportedClients.Add(ClientVersions.Supported.ToDictionary());
        return info;
    }
}
