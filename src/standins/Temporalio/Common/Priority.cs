namespace Temporalio.Common;

/// <summary>How urgent a workflow or activity is for its task queue. What is unset is inherited or the server's default.</summary>
public sealed record Priority
{
    public Priority(int? priorityKey = null, string? fairnessKey = null, float? fairnessWeight = null)
    {
        PriorityKey = priorityKey;
        FairnessKey = fairnessKey;
        FairnessWeight = fairnessWeight;
    }

    /// <summary>Nothing set.</summary>
    public static Priority Default { get; } = new();

    /// <summary>1 is most urgent; the server's default is 3 of 5.</summary>
    public int? PriorityKey { get; init; }

    /// <summary>Tasks of different keys get turns; at most 64 bytes.</summary>
    public string? FairnessKey { get; init; }

    /// <summary>Share of turns of the key, 0.001 to 1000.</summary>
    public float? FairnessWeight { get; init; }

    internal static Priority FromProto(Api.Common.V1.Priority? proto) => proto is null
        ? Default
        : new(
            proto.PriorityKey == 0 ? null : proto.PriorityKey,
            proto.FairnessKey.Length == 0 ? null : proto.FairnessKey,
            proto.FairnessWeight == 0 ? null : proto.FairnessWeight);

    internal Api.Common.V1.Priority ToProto() => new()
    {
        PriorityKey = PriorityKey ?? 0,
        FairnessKey = FairnessKey ?? string.Empty,
        FairnessWeight = FairnessWeight ?? 0,
    };
}
