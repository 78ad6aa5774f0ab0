using Temporalio.Workflows;

namespace Temporalio.Tests.Conformance;

/// <summary>The workflows of the conformance kit in C#.</summary>
static class Kit
{
    static readonly Type[] Groups =
        [typeof(BasicKit), typeof(TimerKit), typeof(MessageKit), typeof(ChildKit), typeof(ActivityKit), typeof(VersionKit)];

    static readonly HashSet<Type> Changed =
        [typeof(VersionKit.PatchMeChanged), typeof(VersionKit.ChangesCommandChanged), typeof(VersionKit.PatchRemoved)];

    /// <summary>Every workflow, with the given ones in place of those of the same name.</summary>
    public static IEnumerable<WorkflowDefinition> Workflows(params Type[] changed)
    {
        var replaced = changed.Select(WorkflowDefinition.Create).ToList();
        return Groups
            .SelectMany(group => group.GetNestedTypes())
            .Where(type => !Changed.Contains(type))
            .Select(WorkflowDefinition.Create)
            .Where(workflow => replaced.TrueForAll(other => other.Name != workflow.Name))
            .Concat(replaced);
    }
}
