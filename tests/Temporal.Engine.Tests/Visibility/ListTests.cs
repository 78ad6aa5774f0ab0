using Google.Protobuf;
using Temporal.Engine.Visibility;
using Temporal.Protocol;
using Temporalio.Api.Enums.V1;

namespace Temporal.Engine.Tests.Visibility;

public sealed class ListTests : IDisposable
{
    readonly ListBench _bench = new();

    public ListTests()
    {
        _bench.Add(1, WorkflowExecutionStatus.Completed, """{"Color":"red","Number":10,"Share":1.5,"Flag":true,"Instant":"2026-01-01T00:00:00.0000000Z","Tags":["a","b"],"Words":"nightly backup"}""");
        _bench.Add(2, WorkflowExecutionStatus.Failed, """{"Color":"redder","Number":20,"Share":2.5,"Flag":false,"Instant":"2026-01-02T00:00:00.0000000Z","Tags":["b"],"Words":"weekly Restore"}""");
        _bench.Add(3, WorkflowExecutionStatus.Running);
        _bench.Add(4, WorkflowExecutionStatus.Running, """{"Color":"Red","TemporalScheduledById":"nightly"}""");
        _bench.Commit();
    }

    [Theory]
    [InlineData("", "4 3 2 1")]
    [InlineData("Color = 'red'", "1")]
    [InlineData("Color != 'red'", "4 2")]
    [InlineData("`Color` IN (\"red\", 'redder')", "2 1")]
    [InlineData("Color NOT IN ('red')", "4 2")]
    [InlineData("Color STARTS_WITH 'red'", "2 1")]
    [InlineData("Color NOT STARTS_WITH 'redd'", "4 1")]
    [InlineData("Color IS NULL", "3")]
    [InlineData("Color IS NOT NULL", "4 2 1")]
    [InlineData("Color BETWEEN 'a' AND 'red'", "1")]
    [InlineData("Number > 10", "2")]
    [InlineData("Number NOT BETWEEN 15 AND 25", "1")]
    [InlineData("Number IN (10, 99)", "1")]
    [InlineData("Number = 10.5", "")]
    [InlineData("Number > -1", "2 1")]
    [InlineData("Share >= 1.5", "2 1")]
    [InlineData("Flag = true", "1")]
    [InlineData("Flag != true", "2")]
    [InlineData("NOT Flag = true", "2")]
    [InlineData("Instant = '2026-01-01T00:00:00Z'", "1")]
    [InlineData("Instant > '2026-01-01T01:00:00+02:00'", "2 1")]
    [InlineData("Tags = 'b'", "2 1")]
    [InlineData("Tags != 'a'", "4 3 2")]
    [InlineData("Tags IN ('a', 'z')", "1")]
    [InlineData("Words = 'BACKUP restore'", "2 1")]
    [InlineData("Words != 'backup'", "4 3 2")]
    [InlineData("ExecutionStatus = 'Running'", "4 3")]
    [InlineData("ExecutionStatus = 'WORKFLOW_EXECUTION_STATUS_FAILED'", "2")]
    [InlineData("ExecutionStatus = 2", "1")]
    [InlineData("WorkflowType = 'Even' AND CloseTime IS NULL", "4")]
    [InlineData("StartTime > '2026-03-01T00:02:00Z'", "4 3")]
    [InlineData("CloseTime <= '2026-03-01T00:01:01Z'", "1")]
    [InlineData("ExecutionDuration < '2s'", "1")]
    [InlineData("ExecutionDuration >= '00:00:02'", "2")]
    [InlineData("HistoryLength = 5", "2 1")]
    [InlineData("ParentWorkflowId IS NULL", "4 3 2 1")]
    [InlineData("TemporalScheduledById = 'nightly'", "4")]
    [InlineData("WorkflowId STARTS_WITH 'w-0'", "4 3 2 1")]
    [InlineData("Number = 10 OR Number = 20 AND Flag = true", "1")]
    [InlineData("(Number = 10 OR Number = 20) AND Flag = false", "2")]
    [InlineData("Color = 'it''s'", "")]
    [InlineData("GROUP BY ExecutionStatus", "4 3 2 1")]
    public void A_query_finds_what_it_says(string query, string expected) => Assert.Equal(expected, string.Join(' ', _bench.Find(query)));

    [Theory]
    [InlineData("Color = 'red' OR Number = 20", true)]
    [InlineData("Color != 'red'", false)]
    [InlineData("Color STARTS_WITH 're' AND Color NOT STARTS_WITH 'redd'", true)]
    [InlineData("Color IN ('blue') OR Number NOT IN (11, 12)", true)]
    [InlineData("Number BETWEEN 5 AND 10 AND Share > 1", true)]
    [InlineData("Flag = true AND Instant >= '2026-01-01T00:00:00Z'", true)]
    [InlineData("Tags = 'b' AND Words = 'Backup'", true)]
    [InlineData("Tags NOT IN ('a')", false)]
    [InlineData("Missing = 'x'", null)]
    [InlineData("NOT Missing = 'x'", null)]
    [InlineData("Missing NOT STARTS_WITH 'x'", null)]
    [InlineData("Missing NOT BETWEEN 'a' AND 'b' OR Color = 'red'", true)]
    [InlineData("Missing IS NULL AND Color IS NOT NULL", true)]
    public void A_condition_holds_for_something_in_memory_as_it_does_in_the_store(string query, bool? expected)
    {
        var values = new Dictionary<string, object>
        {
            ["Color"] = "red",
            ["Number"] = 10L,
            ["Share"] = 1.5,
            ["Flag"] = true,
            ["Instant"] = new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc),
            ["Tags"] = new List<string> { "a", "b" },
            ["Words"] = "nightly backup",
        };
        var ns = ListBench.Namespace with
        {
            SearchAttributes = new Dictionary<string, IndexedValueType>(ListBench.Namespace.SearchAttributes) { ["Missing"] = IndexedValueType.Keyword },
        };
        Assert.Equal(expected, ConditionEvaluator.Holds(QueryBinder.Bind(ns, query).Where!, column => values.GetValueOrDefault(column.Name)));
    }

    [Fact]
    public void Pages_have_every_workflow_once_while_others_come_and_go()
    {
        var seen = new List<int>();
        var token = ByteString.Empty;
        do
        {
            var page = _bench.Reader.List(ListBench.Namespace.Id, null, 1, token);
            seen.AddRange(page.Executions.Select(ListBench.Number));
            token = page.NextPageToken;
            // Newer ones come in front of what was read already.
            _bench.Add(50 + seen.Count, WorkflowExecutionStatus.Running);
            _bench.Commit();
        }
        while (!token.IsEmpty);
        Assert.Equal([4, 3, 2, 1], seen);
    }

    [Theory]
    [InlineData("")]
    [InlineData("ExecutionStatus = 'Running'")]
    [InlineData("WorkflowType = 'Even'")]
    public void The_last_page_costs_what_the_first_one_does(string query)
    {
        for (var number = 100; number < 4_100; number++)
            _bench.Add(number, number % 3 == 0 ? WorkflowExecutionStatus.Running : WorkflowExecutionStatus.Completed);
        _bench.Commit();
        var where = QueryBinder.Bind(ListBench.Namespace, query).Where;
        var whole = new List<int>();
        var costs = new List<int>();
        var page = default(WorkflowPage);
        do
        {
            costs.Add(_bench.CostOf(() => page = _bench.Reader.List(ListBench.Namespace.Id, where, 100, page?.NextPageToken ?? ByteString.Empty)));
            whole.AddRange(page!.Executions.Select(ListBench.Number));
        }
        while (!page.NextPageToken.IsEmpty);

        Assert.Equal(_bench.Reader.Count(ListBench.Namespace.Id, where), whole.Distinct().Count());
        Assert.Equal(whole.Count, whole.Distinct().Count());
        Assert.All(costs, cost => Assert.InRange(cost, 0, costs[0] * 2));
    }

    [Fact]
    public void Counts_are_by_status_when_asked_for()
    {
        Assert.Equal(4, _bench.Reader.Count(ListBench.Namespace.Id, null));
        Assert.Equal([(1L, 2L), (2L, 1L), (3L, 1L)], _bench.Reader.CountByStatus(ListBench.Namespace.Id, null));
    }

    [Fact]
    public void A_page_token_of_somebody_else_is_refused() =>
        Assert.Throws<RpcFailure>(() => _bench.Reader.List(ListBench.Namespace.Id, null, 5, ByteString.CopyFromUtf8("garbage")));

    public void Dispose() => _bench.Dispose();
}
