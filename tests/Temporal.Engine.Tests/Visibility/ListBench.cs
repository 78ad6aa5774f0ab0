using Google.Protobuf;
using Temporal.Engine.Visibility;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.Namespace.V1;

namespace Temporal.Engine.Tests.Visibility;

/// <summary>A store with known workflows, written as the engine writes them.</summary>
sealed class ListBench : IDisposable
{
    public static readonly DateTime Origin = new(2026, 3, 1, 0, 0, 0, DateTimeKind.Utc);

    public static readonly NamespaceEntry Namespace = new("ns-id", "test", new NamespaceInfo(), new NamespaceConfig(), new Dictionary<string, IndexedValueType>
    {
        ["Color"] = IndexedValueType.Keyword,
        ["Number"] = IndexedValueType.Int,
        ["Share"] = IndexedValueType.Double,
        ["Flag"] = IndexedValueType.Bool,
        ["Instant"] = IndexedValueType.Datetime,
        ["Tags"] = IndexedValueType.KeywordList,
        ["Words"] = IndexedValueType.Text,
    });

    readonly string _folder = Directory.CreateTempSubdirectory("list-bench-").FullName;
    readonly SqliteEngineStore _store;
    readonly StoreBatch _batch = new();

    public ListBench()
    {
        _store = new(_folder);
        Reader = new(_store);
    }

    public VisibilityReader Reader { get; }

    /// <param name="attributes">A JSON object.</param>
    public void Add(int number, WorkflowExecutionStatus status, string attributes = "{}")
    {
        var start = Origin.AddMinutes(number);
        var isOpen = status == WorkflowExecutionStatus.Running;
        _batch.Visibility.Add(new(
            number, Namespace.Id, $"w-{number:00}", $"run-{number}", number % 2 == 0 ? "Even" : "Odd", (int)status, start, start, isOpen ? null : start.AddSeconds(number),
            5, 500, 3, "queue", "", "", $"w-{number:00}", $"run-{number}", $"run-{number}", [], new SearchAttributes().ToByteArray(), attributes));
    }

    public void Commit()
    {
        _store.Commit(_batch);
        _batch.Visibility.Clear();
    }

    /// <summary>How many tens of instructions SQLite needs for the reads in <paramref name="read"/>: what they cost, whatever else the machine does.</summary>
    public int CostOf(Action read)
    {
        var cost = 0;
        Observe(_ => cost++);
        read();
        Observe(null);
        return cost;
    }

    /// <summary>On the one connection that reads here.</summary>
    void Observe(Action<object>? tick) => _store.Read(connection =>
    {
        SQLitePCL.raw.sqlite3_progress_handler(connection.Handle, tick is null ? 0 : 10, state => { tick?.Invoke(state); return 0; }, null);
        return true;
    });

    public IEnumerable<int> Find(string query) =>
        Reader.List(Namespace.Id, QueryBinder.Bind(Namespace, query).Where, 0, ByteString.Empty).Executions.Select(Number);

    public static int Number(Temporalio.Api.Workflow.V1.WorkflowExecutionInfo info) => int.Parse(info.Execution.WorkflowId.AsSpan(2));

    public void Dispose()
    {
        _store.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
