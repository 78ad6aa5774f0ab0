using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Temporal.Engine;

/// <summary>What an operator does with an engine's data folder, while an engine runs on it or not.</summary>
public static class EngineData
{
    /// <summary>
    /// Copies the data as it is at one moment into a new file, reads the copy through and makes it durable. A running engine goes
    /// on meanwhile.
    /// </summary>
    /// <returns>What the copy holds.</returns>
    /// <exception cref="EngineDataException">There is no data, the file exists, or what is there is damaged.</exception>
    public static EngineDataReport BackUp(string dataDirectory, string file)
    {
        var path = SqliteEngineStore.PathIn(dataDirectory);
        if (File.Exists(file))
            throw new EngineDataException($"{file} exists; name a new file, so that no older backup is lost half-way.");
        var partial = file + ".partial";
        File.Delete(partial);
        try
        {
            using (var source = OpenExisting(path))
            {
                SqliteSchema.VersionOf(source, path);
                using var command = source.CreateCommand();
                command.CommandText = "vacuum into $file";
                command.Parameters.AddWithValue("$file", partial);
                command.ExecuteNonQuery();
            }

            var report = Verified(partial);
            Sync(partial);
            File.Move(partial, file);
            return report with { Path = file };
        }
        catch (Exception failure) when (failure is SqliteException or EngineStartException or IOException)
        {
            File.Delete(partial);
            throw new EngineDataException($"{path} could not be backed up to {file}: {failure.Message}", failure);
        }
    }

    /// <summary>
    /// Puts a backup in the place of the data, after reading it through. What was there is moved into a folder beside it. Refused
    /// while an engine runs.
    /// </summary>
    /// <returns>What the engine will find, and the folder with what was there before; null when there was nothing.</returns>
    /// <exception cref="EngineDataException">The backup is none, or damaged; nothing was changed.</exception>
    /// <exception cref="EngineStartException">An engine runs on the folder; nothing was changed.</exception>
    public static (EngineDataReport Report, string? Before) Restore(string dataDirectory, string file, DateTimeOffset now)
    {
        var path = SqliteEngineStore.PathIn(dataDirectory);
        Directory.CreateDirectory(dataDirectory);
        using var folderLock = DataFolderLock.Take(dataDirectory);
        var report = Verified(file);
        var fresh = path + ".new";
        File.Copy(file, fresh, overwrite: true);
        Sync(fresh);
        // The mark goes last: until then an engine that is started half-way refuses what it finds.
        var before = Path.Combine(
            dataDirectory, now.UtcDateTime.ToString("'before-restore-'yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture));
        var moved = new[] { path, path + "-wal", path + "-shm" }.Count(one => MoveInto(before, one));
        File.Move(fresh, path);
        if (MoveInto(before, CommitMark.PathIn(dataDirectory)))
            moved++;
        return (report with { Path = path }, moved > 0 ? before : null);
    }

    /// <summary>Reads everything once: what is there, and what of it is damaged. Changes nothing.</summary>
    /// <exception cref="EngineDataException">There is no engine's database.</exception>
    public static EngineDataReport Check(string dataDirectory)
    {
        var path = SqliteEngineStore.PathIn(dataDirectory);
        // Before the database: a running engine may write both in between.
        var mark = CommitMark.Read(dataDirectory);
        var report = Read(path);
        return report.Commits >= mark || report.Damage.Count > 0
            ? report
            : report with
            {
                Damage =
                [
                    .. report.Damage, $"the last {mark - report.Commits} commits are missing; the log {path}-wal was cut off or removed",
                ],
            };
    }

    static EngineDataReport Verified(string file)
    {
        var report = Read(file);
        return report.Damage.Count == 0
            ? report
            : throw new EngineDataException($"{file} is damaged and was not used: {string.Join("; ", report.Damage.Take(3))}.");
    }

    static EngineDataReport Read(string path)
    {
        try
        {
            using var connection = OpenExisting(path);
            if (SqliteSchema.VersionOf(connection, path) == 0)
                throw new EngineDataException($"{path} is empty; it holds no engine's data.");
            // One transaction: counts of one moment.
            using var transaction = connection.BeginTransaction(deferred: true);
            return EngineDataReport.Of(connection, path);
        }
        catch (Exception failure) when (failure is SqliteException or EngineStartException)
        {
            throw new EngineDataException($"{path} cannot be read as an engine's database: {failure.Message}", failure);
        }
    }

    static SqliteConnection OpenExisting(string path)
    {
        if (!File.Exists(path))
            throw new EngineDataException(
                $"there is no engine's database {path}; see that the data folder is the one that `up` or `engine` uses.");
        var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder { DataSource = path, Pooling = false, Mode = SqliteOpenMode.ReadOnly, DefaultTimeout = 0 }
                .ToString());
        connection.Open();
        return connection;
    }

    static void Sync(string file)
    {
        using var handle = File.OpenHandle(file, FileMode.Open, FileAccess.ReadWrite);
        RandomAccess.FlushToDisk(handle);
    }

    static bool MoveInto(string folder, string file)
    {
        if (!File.Exists(file))
            return false;
        Directory.CreateDirectory(folder);
        File.Move(file, Path.Combine(folder, Path.GetFileName(file)));
        return true;
    }
}

/// <summary>Something that was asked of an engine's data cannot be done. The message says why and what to do.</summary>
public sealed class EngineDataException : Exception
{
    public EngineDataException(string message)
        : base(message)
    {
    }

    public EngineDataException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    public EngineDataException()
    {
    }
}
