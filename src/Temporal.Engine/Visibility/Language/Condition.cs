namespace Temporal.Engine.Visibility;

enum ComparisonOperator
{
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// <summary>
/// A checked condition. Values are of the column's kind: long, double, bool, string, or for times a UTC <see cref="DateTime"/>;
/// an execution status is its number, a duration its nanoseconds. Follows SQL's three-valued logic: what is compared with nothing is
/// neither true nor false.
/// </summary>
abstract record Condition;

sealed record AndCondition(Condition Left, Condition Right) : Condition;

sealed record OrCondition(Condition Left, Condition Right) : Condition;

sealed record NotCondition(Condition Inner) : Condition;

sealed record CompareCondition(QueryColumn Column, ComparisonOperator Operator, object Value) : Condition;

sealed record InCondition(QueryColumn Column, bool Negated, IReadOnlyList<object> Values) : Condition;

sealed record PrefixCondition(QueryColumn Column, bool Negated, string Prefix) : Condition;

sealed record RangeCondition(QueryColumn Column, bool Negated, object From, object To) : Condition;

sealed record NullCondition(QueryColumn Column, bool Negated) : Condition;

/// <summary>A list attribute has one of the values. Negated it is also true for rows without the attribute.</summary>
sealed record ContainsCondition(QueryColumn Column, bool Negated, IReadOnlyList<string> Values) : Condition;

/// <summary>A text has one of the words. Negated it is also true for rows without the attribute.</summary>
sealed record WordsCondition(QueryColumn Column, bool Negated, IReadOnlyList<string> Words) : Condition;

/// <summary>A query that was read and checked.</summary>
/// <param name="Where">Null: all.</param>
/// <param name="GroupBy">Counts are by the values of this column.</param>
sealed record BoundQuery(Condition? Where, QueryColumn? GroupBy, bool HasOrder, IReadOnlyCollection<string> Aliases);
