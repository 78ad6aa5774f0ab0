namespace Temporal.Engine;

/// <summary>All task queues that have or had tasks or pollers.</summary>
sealed class TaskQueueRegistry
{
}
