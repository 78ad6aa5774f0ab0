namespace Temporal.Engine;

/// <summary>Conditions such as <c>&gt;=1.0.0 &lt;2.0.0 || 3.1.4</c>: a space means and, || means or.</summary>
sealed class VersionRange
{
    static readonly string[] Operators = ["<=", ">=", "==", "!=", "<", ">", "=", "!"];

    readonly List<List<Func<SemanticVersion, bool>>> _alternatives = [];

    /// <exception cref="FormatException">Says what is wrong with the text.</exception>
    public static VersionRange Parse(string text)
    {
        var range = new VersionRange();
        foreach (var alternative in text.Split("||"))
            range._alternatives.Add([.. alternative.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Condition)]);
        return range;
    }

    public bool Contains(SemanticVersion version) =>
        _alternatives.Exists(conditions => conditions.TrueForAll(holds => holds(version)));

    static Func<SemanticVersion, bool> Condition(string text)
    {
        var digits = text.AsSpan().IndexOfAnyInRange('0', '9');
        if (digits < 0)
            throw new FormatException($"Could not get version from string: \"{text}\"");

        var op = text[..digits];
        if (op.Length > 0 && !Operators.Contains(op))
            throw new FormatException($"Could not parse comparator \"{op}\" in \"{text}\"");

        var bound = SemanticVersion.Parse(text[digits..]);
        return op switch
        {
            "<=" => version => version.CompareTo(bound) <= 0,
            ">=" => version => version.CompareTo(bound) >= 0,
            "<" => version => version.CompareTo(bound) < 0,
            ">" => version => version.CompareTo(bound) > 0,
            "!=" or "!" => version => version.CompareTo(bound) != 0,
            _ => version => version.CompareTo(bound) == 0,
        };
    }
}
