using System.Globalization;

namespace Maintenance.Jobs.Definition;

/// <summary>
/// The whole language of <c>when</c>: comparisons (== != &lt; &lt;= &gt; &gt;=, in [a, b]) of references, texts in single quotes and
/// numbers, joined by and, or, not and parentheses. A reference alone is true when its value is the text "true". Nothing else: no calls,
/// no arithmetic, no code. Pure, because the workflow replays it.
/// </summary>
public abstract record Condition
{
    Condition()
    {
    }

    public sealed record Either(Condition Left, Condition Right) : Condition;

    public sealed record Both(Condition Left, Condition Right) : Condition;

    public sealed record Not(Condition Inner) : Condition;

    public sealed record Comparison(Operand Left, string Operator, Operand Right) : Condition;

    public sealed record OneOf(Operand Left, IReadOnlyList<Operand> Values) : Condition;

    public sealed record IsTrue(Operand Value) : Condition;

    /// <summary>A reference, or else a text as written.</summary>
    public sealed record Operand(Reference? Reference, string Text);

    /// <exception cref="ConditionException">It is no condition; the column says where.</exception>
    public static Condition Parse(string text) => new ConditionParser(text).Parse();

    /// <exception cref="ConditionException">Two values are compared by size and one of them is no number.</exception>
    public bool Holds(Func<Reference, string> value) => this switch
    {
        Either either => either.Left.Holds(value) || either.Right.Holds(value),
        Both both => both.Left.Holds(value) && both.Right.Holds(value),
        Not not => !not.Inner.Holds(value),
        OneOf one => one.Values.Any(v => Same(Text(one.Left, value), Text(v, value))),
        IsTrue alone => Text(alone.Value, value) == "true",
        Comparison { Operator: "==" } c => Same(Text(c.Left, value), Text(c.Right, value)),
        Comparison { Operator: "!=" } c => !Same(Text(c.Left, value), Text(c.Right, value)),
        Comparison c => BySize(c.Operator, Text(c.Left, value), Text(c.Right, value)),
        _ => throw new InvalidOperationException($"{GetType()} has no meaning."),
    };

    /// <summary>All references in it, in order.</summary>
    public IEnumerable<Reference> References() => this switch
    {
        Either either => either.Left.References().Concat(either.Right.References()),
        Both both => both.Left.References().Concat(both.Right.References()),
        Not not => not.Inner.References(),
        OneOf one => Of(one.Left).Concat(one.Values.SelectMany(Of)),
        IsTrue alone => Of(alone.Value),
        Comparison c => Of(c.Left).Concat(Of(c.Right)),
        _ => [],
    };

    static IEnumerable<Reference> Of(Operand operand) => operand.Reference is { } reference ? [reference] : [];

    static string Text(Operand operand, Func<Reference, string> value) => operand.Reference is { } r ? value(r) : operand.Text;

    /// <summary>Numbers are equal by value (3 and 3.0), everything else letter by letter.</summary>
    static bool Same(string a, string b) =>
        Number(a) is { } x && Number(b) is { } y ? x == y : string.Equals(a, b, StringComparison.Ordinal);

    static bool BySize(string sign, string a, string b)
    {
        if (Number(a) is not { } x || Number(b) is not { } y)
            throw new ConditionException(1, $"'{(Number(a) is null ? a : b)}' is no number, and '{sign}' compares numbers");
        return sign switch { "<" => x < y, "<=" => x <= y, ">" => x > y, _ => x >= y };
    }

    static decimal? Number(string text) =>
        decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;
}

/// <summary>Something is wrong with a condition at <paramref name="column"/>, which counts from 1 within its text.</summary>
public sealed class ConditionException(int column, string message) : Exception(message)
{
    public int Column { get; } = column;
}
