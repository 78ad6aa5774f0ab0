using Temporal.Engine.Visibility;

namespace Temporal.Engine.Tests.Visibility;

public sealed class QueryTests
{
    [Theory]
    [InlineData("Number =", "malformed SQL query: syntax error at position 36")]
    [InlineData("Color = 'red", "malformed SQL query: syntax error at position 40 near 'red'")]
    [InlineData("(Number = 10", "malformed SQL query: syntax error at position 40")]
    [InlineData("Number = =", "malformed SQL query: syntax error at position 38")]
    [InlineData("Number IN ()", "malformed SQL query: syntax error at position 40")]
    [InlineData("completely wrong", "malformed SQL query: syntax error at position 44 near 'wrong'")]
    [InlineData("Number = 10; DROP TABLE x", "malformed SQL query: syntax error at position 45 near 'drop'")]
    [InlineData("Missing = 1", "invalid search attribute: Missing")]
    [InlineData("number = 1", "invalid search attribute: number")]
    [InlineData("SearchAttributes.Number = 1", "invalid search attribute: SearchAttributes.Number")]
    [InlineData("Number", "invalid expression: incomplete expression")]
    [InlineData("10 = Number", "invalid expression: must be a column name but was *sqlparser.SQLVal")]
    [InlineData("Number + 1 = 11", "invalid expression: must be a column name but was *sqlparser.BinaryExpr")]
    [InlineData("lower(Color) = 'red'", "invalid expression: must be a column name but was *sqlparser.FuncExpr")]
    [InlineData("Number IN (SELECT max(a) FROM b)", "invalid expression: unexpected value type *sqlparser.Subquery")]
    [InlineData("Color = NULL", "invalid expression: unexpected value type *sqlparser.NullVal")]
    [InlineData("Flag IS TRUE", "invalid expression: 'IS' operator can only be used as 'IS NULL' or 'IS NOT NULL'")]
    [InlineData("Number = Share", "operation is not supported: column name on the right side of comparison expression (did you forget to quote \"Share\"?)")]
    [InlineData("Number = 'ten'", "invalid expression: invalid value type for search attribute Number of type Int: \"ten\" (type: string)")]
    [InlineData("Color = 5", "invalid expression: invalid value type for search attribute Color of type Keyword: 5 (type: int64)")]
    [InlineData("Instant > '2026-01-05'", "invalid expression: unable to parse datetime '2026-01-05'")]
    [InlineData("ExecutionStatus = 'failed'", "invalid expression: invalid ExecutionStatus value 'failed'")]
    [InlineData("ExecutionDuration < 'long'", "invalid expression: invalid duration value for search attribute ExecutionDuration: long")]
    [InlineData("Color LIKE 're%'", "operation is not supported: operator 'LIKE' not supported for Keyword type search attribute 'Color'")]
    [InlineData("Tags STARTS_WITH 'n'", "operation is not supported: operator 'STARTS_WITH' not supported for KeywordList type search attribute 'Tags'")]
    [InlineData("Words > 'a'", "operation is not supported: operator '>' not supported for Text type search attribute 'Words'")]
    [InlineData("Number = 1 LIMIT 1", "operation is not supported: 'LIMIT' clause")]
    [InlineData("GROUP BY WorkflowType", "operation is not supported: 'GROUP BY' clause is not supported for search attribute WorkflowType")]
    [InlineData("GROUP BY ExecutionStatus, WorkflowType", "operation is not supported: 'GROUP BY' clause supports only a single field")]
    [InlineData("ORDER BY Words", "operation is not supported: unable to sort by search attribute type Text")]
    public void A_query_that_cannot_be_used_says_why(string query, string message)
    {
        var error = Assert.Throws<QueryException>(() => QueryBinder.Bind(ListBench.Namespace, query));
        Assert.Equal(message, error.Message);
    }

    [Fact]
    public void Nesting_without_end_is_refused_instead_of_ending_the_process() =>
        Assert.Throws<QueryException>(() => QueryBinder.Bind(ListBench.Namespace, new string('(', 100_000)));

    [Fact]
    public void Negation_without_end_is_refused_instead_of_ending_the_process() =>
        Assert.Throws<QueryException>(() => QueryBinder.Bind(ListBench.Namespace, string.Concat(Enumerable.Repeat("NOT ", 100_000)) + "Flag = true"));

    [Fact]
    public void A_long_chain_of_conditions_is_no_problem()
    {
        var query = string.Join(" OR ", Enumerable.Range(0, 500).Select(number => $"Number = {number}"));
        using var bench = new ListBench();
        Assert.Empty(bench.Find(query));
    }

    [Theory]
    [InlineData("ScheduledById", "TemporalScheduledById")]
    [InlineData("TemporalWorkflowId", "WorkflowId")]
    [InlineData("ScheduleId", "WorkflowId")]
    public void The_prefix_of_the_servers_own_attributes_may_be_left_out_or_be_too_much(string alias, string name) =>
        Assert.Equal(name, new QueryColumns(ListBench.Namespace).Find(alias).Name);
}
