using Microsoft.Data.Sqlite;

namespace Temporal.Engine;

/// <summary>Whether a database is whole: its pages by SQLite's own check, its values by their checksums.</summary>
static class DatabaseCheck
{
    /// <summary>Larger files are not read through at each start; what is read is checked when it is read.</summary>
    const long WholeAtStartBytesMax = 256L << 20;

    const int FindingsMax = 100;

    /// <exception cref="StoreDamagedException">A page is broken.</exception>
    public static void AtStart(SqliteConnection connection, string path)
    {
        if (new FileInfo(path).Length > WholeAtStartBytesMax)
            return;
        if (Structure(connection, findingsMax: 1) is [var finding, ..])
            throw new StoreDamagedException(path, finding);
    }

    /// <summary>All that is wrong with pages and values, up to a hundred findings.</summary>
    /// <param name="connection">A connection to it.</param>
    /// <param name="schema">The file's schema; version 1 has no checksums.</param>
    public static IReadOnlyList<string> Whole(SqliteConnection connection, int schema)
    {
        var findings = Structure(connection, FindingsMax);
        if (schema < 2)
            return findings;
        foreach (var (sql, what) in new[]
        {
            ("select side_record, checksum, run_key from run where checksum is not null", "run"),
            ("select content, checksum, run_key from history where checksum is not null", "history of run"),
            ("select content, checksum, kind || ' ' || key from document where checksum is not null", "document"),
        })
        {
            if (findings.Count < FindingsMax)
                findings.AddRange(Values(connection, sql, what).Take(FindingsMax - findings.Count));
        }

        return findings;
    }

    static List<string> Structure(SqliteConnection connection, int findingsMax) =>
        Find(connection, $"pragma quick_check({findingsMax})", reader =>
            reader.GetString(0) is var line and not "ok" ? line.ReplaceLineEndings("; ") : null);

    static List<string> Values(SqliteConnection connection, string sql, string what) => Find(connection, sql, reader =>
        Checksum.Of(reader.GetFieldValue<byte[]>(0)) == reader.GetInt64(1)
            ? null
            : $"the checksum of {what} {reader.GetValue(2)} is wrong");

    static List<string> Find(SqliteConnection connection, string sql, Func<SqliteDataReader, string?> findingIn)
    {
        var findings = new List<string>();
        try
        {
            using var command = connection.CreateCommand();
            command.CommandText = sql;
            using var reader = command.ExecuteReader();
            while (findings.Count < FindingsMax && reader.Read())
            {
                if (findingIn(reader) is { } finding)
                    findings.Add(finding);
            }
        }
        catch (SqliteException failure) when (failure.SqliteErrorCode == Corrupt)
        {
            findings.Add(failure.Message);
        }

        return findings;
    }

    const int Corrupt = 11;
}
