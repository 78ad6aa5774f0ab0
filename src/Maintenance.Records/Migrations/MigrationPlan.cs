namespace Maintenance.Records;

/// <summary>A migration as the database remembers it.</summary>
sealed record AppliedMigration(int Number, string Name, string Checksum);

/// <summary>Decides what a database still needs, and refuses what this program cannot understand.</summary>
static class MigrationPlan
{
    public static IReadOnlyList<Migration> Missing(
        IReadOnlyList<Migration> known, IReadOnlyList<AppliedMigration> applied, string database)
    {
        var knownByNumber = known.ToDictionary(migration => migration.Number);
        foreach (var past in applied)
        {
            if (!knownByNumber.TryGetValue(past.Number, out var migration))
                throw new RunStoreMigrationException(
                    $"{database} was migrated by a newer version ({past.Number:0000} '{past.Name}' is unknown here). Use that version or a "
                        + "later one.");
            if (migration.Checksum != past.Checksum)
                throw new RunStoreMigrationException(
                    $"{database} was migrated with another text of {past.Name}.sql. Applied migrations never change: restore the file and "
                        + "put the change into a new one.");
        }

        var done = applied.Select(past => past.Number).ToHashSet();
        return [.. known.Where(migration => !done.Contains(migration.Number))];
    }
}
