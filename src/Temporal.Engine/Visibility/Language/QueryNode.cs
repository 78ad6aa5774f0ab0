namespace Temporal.Engine.Visibility;

/// <summary>A piece of a query as it was written. <see cref="TypeName"/> is what the real server calls it in messages.</summary>
abstract record QueryNode(string TypeName);

sealed record AndNode(QueryNode Left, QueryNode Right) : QueryNode("*sqlparser.AndExpr");

sealed record OrNode(QueryNode Left, QueryNode Right) : QueryNode("*sqlparser.OrExpr");

sealed record NotNode(QueryNode Inner) : QueryNode("*sqlparser.NotExpr");

sealed record ParenthesesNode(QueryNode Inner) : QueryNode("*sqlparser.ParenExpr");

sealed record ComparisonNode(QueryNode Left, string Operator, QueryNode Right) : QueryNode("*sqlparser.ComparisonExpr");

sealed record RangeNode(QueryNode Left, bool Negated, QueryNode From, QueryNode To) : QueryNode("*sqlparser.RangeCond");

/// <param name="Suffix">What stands behind IS: <c>null</c>, <c>not null</c>, <c>true</c>…</param>
sealed record IsNode(QueryNode Left, string Suffix) : QueryNode("*sqlparser.IsExpr");

sealed record ColumnNode(string Name) : QueryNode("*sqlparser.ColName");

/// <param name="Value">A long, a double or a string.</param>
sealed record LiteralNode(object Value) : QueryNode("*sqlparser.SQLVal");

sealed record TruthNode(bool Value) : QueryNode("sqlparser.BoolVal");

sealed record TupleNode(IReadOnlyList<QueryNode> Items) : QueryNode("sqlparser.ValTuple");

/// <summary>Something that the grammar knows and no query may use: functions, arithmetic, subqueries.</summary>
sealed record UselessNode(string TypeName) : QueryNode(TypeName)
{
    public static readonly UselessNode Function = new("*sqlparser.FuncExpr");
    public static readonly UselessNode Arithmetic = new("*sqlparser.BinaryExpr");
    public static readonly UselessNode Unary = new("*sqlparser.UnaryExpr");
    public static readonly UselessNode Subquery = new("*sqlparser.Subquery");
    public static readonly UselessNode Null = new("*sqlparser.NullVal");
}

/// <summary>A whole query: a condition and what may follow it.</summary>
sealed record QuerySyntax(QueryNode? Where, IReadOnlyList<QueryNode> GroupBy, IReadOnlyList<QueryNode> OrderBy, bool HasLimit);
