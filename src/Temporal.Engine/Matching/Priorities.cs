using Temporalio.Api.Common.V1;

namespace Temporal.Engine;

/// <summary>Priorities of tasks: 1 first, 5 last. Who says nothing has 3.</summary>
static class Priorities
{
    public const int Lowest = 5;
    public const int Default = 3;

    /// <summary>The level of the first of these that has one: an activity's own, then its workflow's.</summary>
    public static int Of(Priority? own, Priority? inherited = null)
    {
        var key = own is { PriorityKey: > 0 } ? own.PriorityKey : inherited?.PriorityKey ?? 0;
        return key <= 0 ? Default : Math.Min(key, Lowest);
    }
}
