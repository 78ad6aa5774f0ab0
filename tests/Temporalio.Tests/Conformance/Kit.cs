using System.Text.Json;
using Temporalio.Common;
using Temporalio.Converters;
using Temporalio.Workflows;

namespace Temporalio.Tests.Conformance;

/// <summary>The workflows of the conformance kit in C#.</summary>
static class Kit
{
    static readonly Type[] Groups =
        [typeof(BasicKit), typeof(TimerKit), typeof(MessageKit), typeof(ChildKit), typeof(ActivityKit), typeof(VersionKit)];

    static readonly Type[] Changed =
        [typeof(VersionKit.PatchMeChanged), typeof(VersionKit.ChangesCommandChanged), typeof(VersionKit.ThrowsErrorRepaired)];

    /// <summary>The kit's workflows/changed: three types after a change of their code, and no others.</summary>
    public static IEnumerable<WorkflowDefinition> ChangedWorkflows => Changed.Select(WorkflowDefinition.Create);

    /// <summary>Every workflow, with the given ones in place of those of the same name.</summary>
    public static IEnumerable<WorkflowDefinition> Workflows(params Type[] changed)
    {
        var replaced = changed.Select(WorkflowDefinition.Create).ToList();
        return Groups
            .SelectMany(group => group.GetNestedTypes())
            .Where(type => !Changed.Contains(type) && type != typeof(VersionKit.PatchRemoved))
            .Select(WorkflowDefinition.Create)
            .Where(workflow => replaced.TrueForAll(other => other.Name != workflow.Name))
            .Concat(replaced);
    }

    /// <summary>A value as it stands in its payload.</summary>
    public static JsonElement Json(IRawValue value) => Workflow.PayloadConverter.ToValue<JsonElement>(value);

    /// <summary>Search attributes as TypeScript shows them: a list of values each, by name.</summary>
    public static Dictionary<string, object> Json(SearchAttributeCollection attributes) => attributes.UntypedValues.ToDictionary(
        attribute => attribute.Key.Name,
        attribute => attribute.Value is IEnumerable<string> list ? list : (object)new[] { attribute.Value });

    /// <summary>Milliseconds as TypeScript tells them; null when there is no limit.</summary>
    public static double? Milliseconds(TimeSpan? span) => span?.TotalMilliseconds;

    public static object? Portrait(RetryPolicy? policy) => policy is null ? null : new
    {
        backoffCoefficient = policy.BackoffCoefficient,
        maximumAttempts = policy.MaximumAttempts,
        maximumInterval = Milliseconds(policy.MaximumInterval),
        initialInterval = Milliseconds(policy.InitialInterval),
        nonRetryableErrorTypes = policy.NonRetryableErrorTypes ?? [],
    };

    /// <summary>Nothing of it stands for the server's default.</summary>
    public static object Portrait(Priority? priority) => priority?.PriorityKey is null ? new { } : new
    {
        priorityKey = priority.PriorityKey,
        fairnessKey = priority.FairnessKey ?? string.Empty,
        fairnessWeight = priority.FairnessWeight ?? 0,
    };
}
