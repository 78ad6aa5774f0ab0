using System.Globalization;

namespace Temporal.Engine.Visibility;

/// <summary>
/// Whether a condition holds for something in memory. Values come as the condition's own are: long, double, bool, string,
/// UTC <see cref="DateTime"/>, a list of strings, or null for nothing.
/// </summary>
static class ConditionEvaluator
{
    /// <returns>Null when it cannot be said, because a value is missing.</returns>
    public static bool? Holds(Condition condition, Func<QueryColumn, object?> valueOf) => condition switch
    {
        AndCondition and => And(Holds(and.Left, valueOf), Holds(and.Right, valueOf)),
        OrCondition or => !And(!Holds(or.Left, valueOf), !Holds(or.Right, valueOf)),
        NotCondition not => !Holds(not.Inner, valueOf),
        NullCondition isNull => valueOf(isNull.Column) is null != isNull.Negated,
        CompareCondition compare => Is(compare.Operator, Compare(valueOf(compare.Column), compare.Value)),
        InCondition @in => Unless(@in.Negated, In(valueOf(@in.Column), @in.Values)),
        PrefixCondition prefix =>
            Unless(prefix.Negated, (valueOf(prefix.Column) as string)?.StartsWith(prefix.Prefix, StringComparison.Ordinal)),
        RangeCondition range => Unless(range.Negated, Within(valueOf(range.Column), range)),
        ContainsCondition contains =>
            (valueOf(contains.Column) is IEnumerable<string> list && list.Any(contains.Values.Contains)) != contains.Negated,
        WordsCondition words => (valueOf(words.Column) is string text && TextWords.HasAny(text, [.. words.Words])) != words.Negated,
        _ => throw new InvalidOperationException($"No rule for {condition.GetType().Name}."),
    };

    static bool? And(bool? left, bool? right) => left == false || right == false ? false : left is null || right is null ? null : true;

    static bool? Unless(bool negated, bool? holds) => negated ? !holds : holds;

    static bool? In(object? value, IReadOnlyList<object> values) =>
        value is null ? null : values.Any(candidate => Compare(value, candidate) == 0);

    static bool? Within(object? value, RangeCondition range) =>
        And(
            Is(ComparisonOperator.GreaterOrEqual, Compare(value, range.From)),
            Is(ComparisonOperator.LessOrEqual, Compare(value, range.To)));

    static bool? Is(ComparisonOperator wanted, int? order) => order is null ? null : wanted switch
    {
        ComparisonOperator.Equal => order == 0,
        ComparisonOperator.NotEqual => order != 0,
        ComparisonOperator.Less => order < 0,
        ComparisonOperator.LessOrEqual => order <= 0,
        ComparisonOperator.Greater => order > 0,
        _ => order >= 0,
    };

    static int? Compare(object? left, object right) => (left, right) switch
    {
        (null, _) => null,
        (string a, string b) => string.CompareOrdinal(a, b),
        (DateTime a, DateTime b) => a.CompareTo(b),
        (long a, long b) => a.CompareTo(b),
        (string, _) or (_, string) or (DateTime, _) or (_, DateTime) => null,
        _ => Convert.ToDouble(left, CultureInfo.InvariantCulture).CompareTo(Convert.ToDouble(right, CultureInfo.InvariantCulture)),
    };
}
