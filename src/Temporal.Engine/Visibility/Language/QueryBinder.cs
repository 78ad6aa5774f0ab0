using Temporal.Engine.Schedules;
using Temporalio.Api.Enums.V1;

namespace Temporal.Engine.Visibility;

/// <summary>Checks a query against the attributes of a namespace: names, operators, values.</summary>
sealed class QueryBinder(QueryColumns columns)
{
    static readonly string[] Symbols = ["=", "!=", "<", ">", "<=", ">=", "in", "not in"];

    readonly HashSet<string> _aliases = [];

    /// <exception cref="QueryException">The query cannot be used.</exception>
    public static BoundQuery Bind(NamespaceEntry ns, string query) => new QueryBinder(new(ns)).Bind(QueryParser.Read(query));

    BoundQuery Bind(QuerySyntax syntax)
    {
        if (syntax.HasLimit)
            throw QueryException.NotSupported("'LIMIT' clause");
        var where = syntax.Where is null ? null : Bind(syntax.Where);
        var groupBy = BindGroupBy(syntax.GroupBy);
        foreach (var order in syntax.OrderBy)
        {
            if (Column(order) is { Type: IndexedValueType.Text } text)
                throw QueryException.NotSupported($"unable to sort by search attribute type {text.Type}");
        }

        return new(where, groupBy, syntax.OrderBy.Count > 0, _aliases);
    }

    QueryColumn? BindGroupBy(IReadOnlyList<QueryNode> groupBy)
    {
        if (groupBy.Count > 1)
            throw QueryException.NotSupported("'GROUP BY' clause supports only a single field");
        if (groupBy.Count == 0)
            return null;
        var column = Column(groupBy[0]);
        if (column.IsCustom || column.Name is not ("ExecutionStatus" or "TemporalNamespaceDivision"))
            throw QueryException.NotSupported($"'GROUP BY' clause is not supported for search attribute {column.Alias}");
        return column;
    }

    Condition Bind(QueryNode node) => node switch
    {
        ParenthesesNode parentheses => Bind(parentheses.Inner),
        NotNode not => new NotCondition(Bind(not.Inner)),
        AndNode and => new AndCondition(Bind(and.Left), Bind(and.Right)),
        OrNode or => new OrCondition(Bind(or.Left), Bind(or.Right)),
        ComparisonNode comparison => Bind(comparison),
        RangeNode range => Bind(range),
        IsNode { Suffix: "null" or "not null" } isNull => new NullCondition(Column(isNull.Left), isNull.Suffix != "null"),
        IsNode other => throw OtherIs(other),
        ColumnNode => throw QueryException.Invalid("incomplete expression"),
        UselessNode { TypeName: "*sqlparser.FuncExpr" } => throw QueryException.NotSupported("function expression"),
        _ => throw QueryException.NotSupported($"expression of type {node.TypeName}"),
    };

    QueryException OtherIs(IsNode node)
    {
        _ = Column(node.Left);
        return QueryException.Invalid("'IS' operator can only be used as 'IS NULL' or 'IS NOT NULL'");
    }

    Condition Bind(ComparisonNode node)
    {
        var column = Column(node.Left);
        // The value is looked at before the operator.
        var value = Value(column, node.Right);
        var supported = column.Type switch
        {
            IndexedValueType.Keyword => Symbols.Contains(node.Operator) || node.Operator is "starts_with" or "not starts_with",
            IndexedValueType.KeywordList => node.Operator is "=" or "!=" or "in" or "not in",
            IndexedValueType.Text => node.Operator is "=" or "!=",
            _ => Symbols.Contains(node.Operator),
        };
        if (!supported)
        {
            throw QueryException.NotSupported(
                $"operator '{node.Operator.ToUpperInvariant()}' not supported for {column.Type} type search attribute '{column.Alias}'");
        }

        var negated = node.Operator is "!=" or "not in" or "not starts_with";
        return column.Type switch
        {
            IndexedValueType.KeywordList => new ContainsCondition(column, negated, [.. Many(value).Select(item => (string)item)]),
            IndexedValueType.Text => new WordsCondition(column, negated, Words(One(column, node, value))),
            _ when node.Operator is "in" or "not in" => new InCondition(column, negated, Many(value)),
            _ when node.Operator is "starts_with" or "not starts_with" => new PrefixCondition(column, negated, Prefix(column, node, value)),
            _ => new CompareCondition(column, Comparison(node.Operator), One(column, node, value)),
        };
    }

    RangeCondition Bind(RangeNode node)
    {
        var column = Column(node.Left);
        if (column.Type is not (IndexedValueType.Datetime or IndexedValueType.Double or IndexedValueType.Int or IndexedValueType.Keyword))
            throw QueryException.Invalid($"cannot do range condition on search attribute '{column.Alias}' of type {column.Type}");
        return new RangeCondition(column, node.Negated, Value(column, node.From), Value(column, node.To));
    }

    QueryColumn Column(QueryNode node)
    {
        if (node is not ColumnNode name)
            throw QueryException.Invalid($"must be a column name but was {node.TypeName}");
        var column = columns.Find(name.Name);
        _aliases.Add(column.Alias);
        return column;
    }

    // A value, or a list of values.
    static object Value(QueryColumn column, QueryNode node) => node switch
    {
        LiteralNode literal => QueryValues.Read(column, literal.Value),
        TruthNode truth => truth.Value,
        TupleNode tuple => tuple.Items.Select(item => Value(column, item)).ToList(),
        ColumnNode other => throw QueryException.NotSupported(
            $"column name on the right side of comparison expression (did you forget to quote {GoDuration.Quote(other.Name)}?)"),
        UselessNode { TypeName: "*sqlparser.FuncExpr" } => throw QueryException.NotSupported("nested func"),
        _ => throw QueryException.Invalid($"unexpected value type {node.TypeName}"),
    };

    static List<object> Many(object value) => value as List<object> ?? [value];

    static object One(QueryColumn column, ComparisonNode node, object value) => value is List<object>
        ? throw QueryException.Invalid(
            $"operator '{node.Operator.ToUpperInvariant()}' needs one value for search attribute '{column.Alias}'")
        : value;

    static string Prefix(QueryColumn column, ComparisonNode node, object value) => One(column, node, value) as string
        ?? throw QueryException.Invalid($"right-hand side of \"{node.Operator}\" operator must be a literal string (got: {value})");

    static List<string> Words(object text) => [.. TextWords.Of((string)text)];

    static ComparisonOperator Comparison(string symbol) => symbol switch
    {
        "=" => ComparisonOperator.Equal,
        "!=" => ComparisonOperator.NotEqual,
        "<" => ComparisonOperator.Less,
        "<=" => ComparisonOperator.LessOrEqual,
        ">" => ComparisonOperator.Greater,
        _ => ComparisonOperator.GreaterOrEqual,
    };
}
