using System.Text.RegularExpressions;
using Temporal.Protocol;
using Temporalio.Api.Worker.V1;

namespace Temporal.Engine;

/// <summary>The filter of worker lists: comparisons of text fields, joined by AND.</summary>
static partial class WorkerQuery
{
    public static bool Matches(string query, WorkerHeartbeat worker)
    {
        if (string.IsNullOrWhiteSpace(query))
            return true;

        foreach (var part in And().Split(query))
        {
            var comparison = Comparison().Match(part);
            if (!comparison.Success)
                throw new RpcFailure(
                    RpcStatus.InvalidArgument, $"'{part.Trim()}' is no comparison of a worker list; write Field = 'value', joined by AND.");

            var found = Field(comparison.Groups["field"].Value, worker);
            var wanted = comparison.Groups["value"].Value;
            var holds = comparison.Groups["op"].Value.ToUpperInvariant() switch
            {
                "=" => found == wanted,
                "!=" => found != wanted,
                _ => found.StartsWith(wanted, StringComparison.Ordinal),
            };
            if (!holds)
                return false;
        }

        return true;
    }

    static string Field(string name, WorkerHeartbeat worker) => name switch
    {
        "WorkerInstanceKey" => worker.WorkerInstanceKey,
        "WorkerIdentity" => worker.WorkerIdentity,
        "HostName" => worker.HostInfo?.HostName ?? "",
        "TaskQueue" => worker.TaskQueue,
        "DeploymentName" => worker.DeploymentVersion?.DeploymentName ?? "",
        "BuildId" => worker.DeploymentVersion?.BuildId ?? "",
        "SdkName" => worker.SdkName,
        "SdkVersion" => worker.SdkVersion,
        "WorkerStatus" or "Status" => worker.Status.ToString(),
        _ => throw new RpcFailure(RpcStatus.InvalidArgument, $"A worker list cannot be filtered by '{name}'."),
    };

    [GeneratedRegex(@"\s+AND\s+", RegexOptions.IgnoreCase)]
    private static partial Regex And();

    [GeneratedRegex(
        """^\s*`?(?<field>\w+)`?\s*(?<op>!=|=|STARTS_WITH)\s*(?<quote>['"])(?<value>.*)\k<quote>\s*$""", RegexOptions.IgnoreCase)]
    private static partial Regex Comparison();
}
