using System.Globalization;
using System.Text;
using Microsoft.Data.Sqlite;

namespace Temporal.Engine.Visibility;

/// <summary>Writes a condition as SQL over the table <c>visibility</c>. All values are parameters.</summary>
sealed class SqlCondition
{
    /// <summary>A function of the connection: whether a text has one of the words, which are joined by spaces.</summary>
    public const string HasWordsFunction = "has_words";

    /// <summary>How times are written in <c>search_json</c>: the order of the texts is the order of the times.</summary>
    const string TimeFormat = "yyyy-MM-ddTHH:mm:ss.fffffffZ";

    // What a running run has not got yet.
    static readonly Dictionary<string, string> Columns = new()
    {
        ["WorkflowId"] = "workflow_id",
        ["RunId"] = "run_id",
        ["WorkflowType"] = "workflow_type",
        ["ExecutionStatus"] = "status",
        ["StartTime"] = "start_time",
        ["ExecutionTime"] = "execution_time",
        ["CloseTime"] = "close_time",
        ["TaskQueue"] = "task_queue",
        ["ParentWorkflowId"] = "nullif(parent_workflow_id, '')",
        ["ParentRunId"] = "nullif(parent_run_id, '')",
        ["RootWorkflowId"] = "root_workflow_id",
        ["RootRunId"] = "root_run_id",
        ["HistoryLength"] = "iif(close_time is null, null, history_length)",
        ["HistorySizeBytes"] = "iif(close_time is null, null, history_size)",
        ["StateTransitionCount"] = "iif(close_time is null, null, state_transitions)",
        ["ExecutionDuration"] = "(close_time - execution_time)",
    };

    readonly StringBuilder _sql = new();
    readonly List<SqliteParameter> _parameters = [];

    public string Sql => _sql.ToString();

    public IReadOnlyList<SqliteParameter> Parameters => _parameters;

    public static SqlCondition Of(Condition condition)
    {
        var sql = new SqlCondition();
        sql.Write(condition);
        return sql;
    }

    void Write(Condition condition)
    {
        switch (condition)
        {
            case AndCondition and:
                Both(and.Left, " and ", and.Right);
                break;
            case OrCondition or:
                Both(or.Left, " or ", or.Right);
                break;
            case NotCondition not:
                _sql.Append("not (");
                Write(not.Inner);
                _sql.Append(')');
                break;
            case NullCondition isNull:
                _sql.Append(Column(isNull.Column)).Append(isNull.Negated ? " is not null" : " is null");
                break;
            case CompareCondition compare:
                _sql.Append(Column(compare.Column)).Append(Symbol(compare.Operator)).Append(Value(compare.Column, compare.Value));
                break;
            case InCondition @in:
                _sql.Append(Column(@in.Column)).Append(@in.Negated ? " not in (" : " in (")
                    .AppendJoin(", ", @in.Values.Select(value => Value(@in.Column, value))).Append(')');
                break;
            case RangeCondition range:
                _sql.Append(Column(range.Column)).Append(range.Negated ? " not between " : " between ")
                    .Append(Value(range.Column, range.From)).Append(" and ").Append(Value(range.Column, range.To));
                break;
            case PrefixCondition prefix:
                WritePrefix(prefix);
                break;
            case ContainsCondition contains:
                _sql.Append(contains.Negated ? "not " : "").Append("exists (select 1 from json_each(search_json, ")
                    .Append(Parameter(Path(contains.Column.Name))).Append(") where value in (")
                    .AppendJoin(", ", contains.Values.Select(Parameter)).Append("))");
                break;
            case WordsCondition words:
                _sql.Append(words.Negated ? "not " : "")
                    .Append("coalesce(")
                    .Append(HasWordsFunction)
                    .Append('(')
                    .Append(Column(words.Column))
                    .Append(", ").Append(Parameter(string.Join(' ', words.Words))).Append("), 0)");
                break;
            default:
                throw new InvalidOperationException($"No SQL for {condition.GetType().Name}.");
        }
    }

    void Both(Condition left, string word, Condition right)
    {
        _sql.Append('(');
        Write(left);
        _sql.Append(word);
        Write(right);
        _sql.Append(')');
    }

    // As a range, so that an index can help and letters keep their case.
    void WritePrefix(PrefixCondition prefix)
    {
        var column = Column(prefix.Column);
        _sql.Append(prefix.Negated ? "not (" : "(").Append(column).Append(" >= ").Append(Parameter(prefix.Prefix))
            .Append(" and ").Append(column).Append(" < ").Append(Parameter(prefix.Prefix + "\U0010FFFF")).Append(')');
    }

    string Column(QueryColumn column)
    {
        if (!column.IsCustom && Columns.TryGetValue(column.Name, out var sql))
            return sql;
        // The server's own names are safe and stand in the text, as the indexes have them.
        return column.IsCustom
            ? $"json_extract(search_json, {Parameter(Path(column.Name))})"
            : $"json_extract(search_json, '$.{column.Name}')";
    }

    static string Path(string name) => $"$.\"{name.Replace("\"", "\\\"", StringComparison.Ordinal)}\"";

    string Value(QueryColumn column, object value)
    {
        if (value is not DateTime time)
            return Parameter(value is bool truth ? (truth ? 1L : 0L) : value);
        return !column.IsCustom && Columns.ContainsKey(column.Name)
            ? Parameter(UnixTime.Nanoseconds(time))
            : Parameter(time.ToString(TimeFormat, CultureInfo.InvariantCulture));
    }

    string Parameter(object value)
    {
        var name = $"$q{_parameters.Count}";
        _parameters.Add(new(name, value));
        return name;
    }

    static string Symbol(ComparisonOperator comparison) => comparison switch
    {
        ComparisonOperator.Equal => " = ",
        ComparisonOperator.NotEqual => " <> ",
        ComparisonOperator.Less => " < ",
        ComparisonOperator.LessOrEqual => " <= ",
        ComparisonOperator.Greater => " > ",
        _ => " >= ",
    };
}
