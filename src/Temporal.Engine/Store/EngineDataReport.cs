using Microsoft.Data.Sqlite;

namespace Temporal.Engine;

/// <summary>What an engine's database holds. Sizes are bytes.</summary>
/// <param name="Commits">How many commits the file has seen in its life; 0 when an older program wrote it.</param>
/// <param name="OldestOpenStart">When the oldest open workflow was started; null when none is open.</param>
/// <param name="Damage">What is wrong, in words; empty when all is well.</param>
public sealed record EngineDataReport(
    string Path,
    int Schema,
    long Size,
    long LogSize,
    long Commits,
    long OpenWorkflows,
    long ClosedWorkflows,
    long Events,
    long Schedules,
    long Namespaces,
    DateTimeOffset? OldestOpenStart,
    IReadOnlyList<string> Damage)
{
    internal static EngineDataReport Of(SqliteConnection connection, string path)
    {
        var schema = (int)Number(connection, "pragma user_version");
        var damage = DatabaseCheck.Whole(connection, schema);
        // A broken page may make any count fail; the damage says it all then.
        if (damage.Count > 0)
            return new(path, schema, new FileInfo(path).Length, LengthOf(path + "-wal"), 0, 0, 0, 0, 0, 0, null, damage);
        long[] counts =
        [
            schema < 2 ? 0 : Number(connection, "select commits from position"),
            Number(connection, "select count(*) from run where status = 1"),
            Number(connection, "select count(*) from run where status <> 1"),
            Number(connection, "select coalesce(sum(last_event_id - first_event_id + 1), 0) from history"),
            Number(connection, "select count(*) from document where kind = 'schedule-progress'"),
            Number(connection, $"select count(*) from document where kind = '{NamespaceRegistry.DocumentKind}'"),
            Number(connection, "select coalesce(min(start_time), 0) from run where status = 1"),
        ];
        return new(
            path, schema, new FileInfo(path).Length, LengthOf(path + "-wal"), counts[0], counts[1], counts[2], counts[3], counts[4],
            counts[5],
            counts[6] == 0 ? null : UnixTime.FromNanoseconds(counts[6]), damage);
    }

    static long Number(SqliteConnection connection, string sql) => (long)SqliteSchema.Scalar(connection, sql);

    static long LengthOf(string path) => File.Exists(path) ? new FileInfo(path).Length : 0;
}
