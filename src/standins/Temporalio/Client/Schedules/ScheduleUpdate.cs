using Temporalio.Common;

namespace Temporalio.Client.Schedules;

/// <summary>What a schedule becomes. Its memo cannot be changed.</summary>
/// <param name="Schedule">The new schedule.</param>
/// <param name="TypedSearchAttributes">The new search attributes; null leaves them, empty removes all.</param>
public record ScheduleUpdate(Schedule Schedule, SearchAttributeCollection? TypedSearchAttributes = null);
