namespace Maintenance.Jobs.Locks;

/// <summary>A lock as a run wants or holds it.</summary>
/// <param name="Name">Without references.</param>
/// <param name="Step">Name of the record that wants it; null: the whole run.</param>
/// <param name="Position">Of that record.</param>
sealed record LockClaim(string Id, string Name, LockDefinition Definition, string? Step, int? Position)
{
    /// <summary>When it is given up.</summary>
    public DateTimeOffset Until { get; set; }

    /// <summary>Set when the lock was given.</summary>
    public long? Token { get; set; }

    /// <summary>The run had to wait for others.</summary>
    public bool Queued { get; set; }

    /// <summary>Somebody took the lock away.</summary>
    public bool Lost { get; set; }
}
