using System.Collections.Concurrent;
using Temporalio.Api.History.V1;

namespace Temporal.Engine;

/// <summary>What a start reads: all open runs with their histories, in one pass over the file.</summary>
sealed partial class SqliteEngineStore
{
    /// <summary>How many runs may be read ahead of the one that is being folded.</summary>
    const int ReadAhead = 256;

    /// <summary>One thread reads and parses, the caller folds: at a start with many open runs, both are worth a processor.</summary>
    public void ReadOpenRuns(Action<StoredRun, IReadOnlyList<HistoryEvent>> load)
    {
        using var parsed = new BlockingCollection<(StoredRun Run, List<HistoryEvent> Events)>(ReadAhead);
        using var given = new CancellationTokenSource();
        var reading = Task.Run(() =>
        {
            try
            {
                ParseOpenRuns(one => parsed.Add(one, given.Token));
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

    void ParseOpenRuns(Action<(StoredRun Run, List<HistoryEvent> Events)> add)
    {
        const string sql = """
            select history.run_key, content, history.checksum from run
            join history on history.run_key = run.run_key
            where status = 1 order by run.run_key, first_event_id
            """;
        var runs = Runs($"select {RunColumns} from run where status = 1 order by run_key");
        Read(connection =>
        {
            using var command = Command(connection, sql);
            using var reader = command.ExecuteReader();
            var more = reader.Read();
            foreach (var run in runs)
            {
                var events = new List<HistoryEvent>();
                for (; more && reader.GetInt64(0) == run.Key; more = reader.Read())
                    events.AddRange(EventsIn(reader, 1, run.Key));
                add((run, events));
            }

            return true;
        });
    }
}
