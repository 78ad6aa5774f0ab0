using System.Collections.Concurrent;
using Temporalio.Api.History.V1;

namespace Temporal.Engine;

/// <summary>What a start reads: the rows of all open runs, and the histories of those in which something is under way.</summary>
sealed partial class SqliteEngineStore
{
    /// <summary>How many runs may be read ahead of the one that is being folded.</summary>
    const int ReadAhead = 256;

    public IReadOnlyList<StoredRun> OpenRuns()
    {
        VerifyOpenHistories();
        return Runs($"select {RunColumns} from run where status = 1 order by run_key");
    }

    /// <summary>
    /// Most of them are not parsed before something happens to their runs; that one is damaged must be known before the engine runs on it.
    /// </summary>
    void VerifyOpenHistories() => Read(connection =>
    {
        using var command = Command(
            connection,
            "select history.run_key, content, history.checksum from run join history on history.run_key = run.run_key where status = 1");
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            if (!reader.IsDBNull(2) && reader.GetInt64(2) != Checksum.Of(SQLitePCL.raw.sqlite3_column_blob(reader.Handle, 1)))
                throw Damaged($"the checksum of history of run {reader.GetInt64(0)} is wrong");
        }

        return true;
    });

    /// <summary>One thread reads and parses, the caller folds: at a start with many busy runs, both are worth a processor.</summary>
    public void ReadHistories(IReadOnlyList<StoredRun> runs, Action<StoredRun, IReadOnlyList<HistoryEvent>> load)
    {
        if (runs.Count == 0)
            return;
        using var parsed = new BlockingCollection<(StoredRun Run, List<HistoryEvent> Events)>(ReadAhead);
        using var given = new CancellationTokenSource();
        var reading = Task.Run(() =>
        {
            try
            {
                ParseHistories(runs, one => parsed.Add(one, given.Token));
            }
            finally
            {
                parsed.CompleteAdding();
            }
        });
        try
        {
            foreach (var (run, events) in parsed.GetConsumingEnumerable())
                load(run, events);
        }
        catch
        {
            // The reader must not wait for ever to give its next one away.
            given.Cancel();
            ((IAsyncResult)reading).AsyncWaitHandle.WaitOne();
            throw;
        }

        reading.GetAwaiter().GetResult();
    }

    void ParseHistories(IReadOnlyList<StoredRun> runs, Action<(StoredRun Run, List<HistoryEvent> Events)> add) => Read(connection =>
    {
        using var command = Command(
            connection, "select content, checksum from history where run_key = $key order by first_event_id", ("$key", 0L));
        foreach (var run in runs)
        {
            command.Parameters[0].Value = run.Key;
            using var reader = command.ExecuteReader();
            var events = new List<HistoryEvent>();
            while (reader.Read())
                events.AddRange(EventsIn(reader, 0, run.Key));
            add((run, events));
        }

        return true;
    });
}
