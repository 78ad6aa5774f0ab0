using System.Security.Cryptography;
using System.Text;

namespace Maintenance.Jobs.Resources;

/// <summary>What can be done to a resource. Each is a job that the resource names; one it does not name is not done.</summary>
public enum ResourceOperation
{
    /// <summary>Makes it. Without one it is taken to be there.</summary>
    Provision,

    /// <summary>Looks at it; the job's outputs become its facts.</summary>
    Monitor,

    /// <summary>Brings it to a changed declaration.</summary>
    Modify,

    /// <summary>Renews it: asked for by a person, or due because the fact <c>expires</c> comes near.</summary>
    Upgrade,

    /// <summary>Takes it away; the resource's workflow ends then.</summary>
    Decommission,
}

/// <summary>The job of an operation and its input, in which <c>${facts.NAME}</c> stands for what earlier jobs found out.</summary>
public sealed record ResourceJob(string Job, string InputJson);

/// <summary>A managed resource as resources.json declares it, checked.</summary>
public sealed record ResourceDefinition
{
    public required string Id { get; init; }

    /// <summary>For people: certificate, database, host…</summary>
    public required string Kind { get; init; }
    public string Description { get; init; } = "";
    public string Owner { get; init; } = "";
    public required IReadOnlyDictionary<ResourceOperation, ResourceJob> Jobs { get; init; }
    public TimeSpan MonitorEvery { get; init; } = ResourceLimits.MonitorEvery;

    /// <summary>How long before the fact <c>expires</c> an upgrade is due.</summary>
    public TimeSpan RenewBefore { get; init; } = ResourceLimits.RenewBefore;

    /// <summary>The pause after a job that failed; a person's order does not wait for it.</summary>
    public TimeSpan RetryAfter { get; init; } = ResourceLimits.RetryAfter;

    /// <summary>Equal declarations have equal hashes.</summary>
    public string Hash() => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(ResourceJson.Of(this))));

    public ResourceJob? JobOf(ResourceOperation operation) => Jobs.GetValueOrDefault(operation);
}

/// <summary>Defaults and bounds of resources.</summary>
public static class ResourceLimits
{
    public const string WorkflowType = "maintenance.resource";

    /// <summary>The fact with the time until which the resource is good, as in 2027-03-01T00:00:00Z.</summary>
    public const string ExpiresFact = "expires";
    public const int ResourcesMax = 10_000;

    /// <summary>Facts kept: 100 of at most 4 KiB.</summary>
    public const int FactsMax = 100;
    public const int FactLengthMax = 4096;

    /// <summary>What happened last, for people; the rest is in the records of the runs.</summary>
    public const int EventsKept = 20;
    public const int OrdersMax = 20;

    /// <summary>A resource lives for years: its history is begun anew after so many events.</summary>
    public const int HistoryEventsMax = 2000;

    public static readonly TimeSpan MonitorEvery = TimeSpan.FromHours(12);
    public static readonly TimeSpan RenewBefore = TimeSpan.FromDays(30);
    public static readonly TimeSpan RetryAfter = TimeSpan.FromHours(1);

    /// <summary>The entity's memo field with the hash of its declaration.</summary>
    public const string DeclarationMemo = "maintenance.declaration";

    /// <summary>All entities of a namespace, in the language of its lists.</summary>
    public const string LivingQuery = $"WorkflowType = '{WorkflowType}' AND ExecutionStatus = 'Running'";

    /// <summary>Those that a person had taken away, for as long as the server remembers them.</summary>
    public const string DecommissionedQuery = $"WorkflowType = '{WorkflowType}' AND ExecutionStatus = 'Completed'";

    const string WorkflowIdStart = $"{WorkflowType}:";

    /// <summary>One workflow per resource and namespace.</summary>
    public static string WorkflowId(string id) => WorkflowIdStart + id;

    public static string IdOf(string workflowId) =>
        workflowId.StartsWith(WorkflowIdStart, StringComparison.Ordinal) ? workflowId[WorkflowIdStart.Length..] : workflowId;
}
