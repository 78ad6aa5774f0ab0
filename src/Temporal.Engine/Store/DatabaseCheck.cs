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

    static List<string> Structure(SqliteConnection connection, int findingsMax)
    {
        try
        {
            using var command = connection.CreateCommand();
            command.CommandText = $"pragma quick_check({findingsMax})";
            using var reader = command.ExecuteReader();
            var lines = new List<string>();
            while (reader.Read())
                lines.Add(reader.GetString(0).ReplaceLineEndings("; "));
            return lines is ["ok"] ? [] : lines;
        }
        catch (SqliteException failure) when (failure.SqliteErrorCode == 11)
        {
            return [failure.Message];
        }
    }

    static IEnumerable<string> Values(SqliteConnection connection, string sql, string what)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            if (Checksum.Of(reader.GetFieldValue<byte[]>(0)) != reader.GetInt64(1))
                yield return $"the checksum of {what} {reader.GetValue(2)} is wrong";
        }
    }
}
