namespace Temporal.Engine;

/// <summary>What a caller may do in a namespace; each level has the ones before it.</summary>
public enum EnginePermission
{
    /// <summary>Look: describe, list, count, histories, queries.</summary>
    Read = 1,

    /// <summary>Work: start, signal, update, cancel and terminate workflows, schedules, and everything that a worker does.</summary>
    Write = 2,

    /// <summary>Change the namespace itself, its search attributes, or delete it.</summary>
    Admin = 3,
}
