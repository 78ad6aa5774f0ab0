namespace Maintenance.Records;

/// <summary>The tables are not those of this program, and bringing them there would be a guess.</summary>
public sealed class RunStoreMigrationException(string message) : Exception(message);
