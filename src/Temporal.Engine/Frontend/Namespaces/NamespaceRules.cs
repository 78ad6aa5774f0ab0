using Google.Protobuf.WellKnownTypes;
using Temporal.Protocol;
using Temporalio.Api.WorkflowService.V1;

namespace Temporal.Engine;

/// <summary>What a namespace may be. Texts are those of the real server.</summary>
static class NamespaceRules
{
    public const int NameLengthMax = 1000;

    static readonly Duration RetentionMin = Duration.FromTimeSpan(TimeSpan.FromHours(1));

    public static void CheckNew(RegisterNamespaceRequest request)
    {
        CheckName(request.Namespace);
        if (request.Namespace.Length > NameLengthMax)
            throw Invalid("Namespace length exceeds limit.");
        CheckRetention(request.WorkflowExecutionRetentionPeriod);
        if (request.IsGlobalNamespace)
            throw Invalid("Cannot register global namespace when not enabled");
        CheckCluster(request.ActiveClusterName);
        foreach (var cluster in request.Clusters)
            CheckCluster(cluster.ClusterName);
    }

    public static void CheckName(string name)
    {
        if (name.Length == 0)
            throw Invalid("Namespace not set on request.");
    }

    public static void CheckRetention(Duration? retention)
    {
        if (retention is null || retention.CompareTo(RetentionMin) < 0)
            throw Invalid("A valid retention period is not set on request.");
    }

    public static void CheckCluster(string name)
    {
        if (name.Length > 0 && name != NamespaceRegistry.ClusterName)
            throw Invalid($"Invalid cluster name: {name}");
    }

    public static RpcFailure Invalid(string message) => new(RpcStatus.InvalidArgument, message);
}
