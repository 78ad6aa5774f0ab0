using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Maintenance.Jobs.Attempts;
using Maintenance.Schedules;

namespace Maintenance.Jobs.Definition;

/// <summary>
/// Turns one given value into the text that scripts see, or says what is wrong with it. A duration is seen as whole seconds, a date as
/// yyyy-MM-dd; a list is kept as JSON and seen as one item a line.
/// </summary>
static class InputRules
{
    public const int ListItemsMax = 1000;

    static readonly TimeSpan _patternTimeLimit = TimeSpan.FromSeconds(1);

    public static string? Text(InputDefinition input, Node value, out string wrong)
    {
        wrong = "";
        var text = input.Type == InputType.List ? ListText(value) : Plain(input.Type, value.Kind, value.Text);
        if (text is null)
        {
            wrong = $"must be {Wanted(input.Type)}";
            return null;
        }

        wrong = Violation(input, text);
        return wrong.Length == 0 ? text : null;
    }

    /// <summary>What <c>min</c> and <c>max</c> are compared with; null for types that have no size.</summary>
    public static double? Measure(InputType type, string text) => type switch
    {
        InputType.Int or InputType.Number or InputType.Duration => double.Parse(text, CultureInfo.InvariantCulture),
        InputType.Date => DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture).DayNumber,
        InputType.List => TargetList.Parse(text).Count,
        _ => null,
    };

    /// <summary>A text counts too where another type is wanted: values from a command line have no other.</summary>
    static string? Plain(InputType type, NodeKind kind, string value) => type switch
    {
        InputType.String or InputType.Enum when kind == NodeKind.String => value,
        InputType.Int when kind is NodeKind.Number or NodeKind.String && IsWhole(value) => value,
        InputType.Number when kind is NodeKind.Number or NodeKind.String && IsNumber(value) => value,
        InputType.Bool when kind == NodeKind.Boolean || (kind == NodeKind.String && value is "true" or "false") => value,
        InputType.Duration when kind == NodeKind.String && Durations.TryParse(value, out var duration) =>
            ((long)Math.Ceiling(duration.TotalSeconds)).ToString(CultureInfo.InvariantCulture),
        InputType.Date when kind == NodeKind.String
            && DateOnly.TryParseExact(value, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _) => value,
        InputType.Secret when kind == NodeKind.String && SecretPlace.IsPlainText(value) => value,
        _ => null,
    };

    static string? ListText(Node value)
    {
        var items = value.Kind switch
        {
            NodeKind.Array when value.Items.All(i => i.Kind is NodeKind.String or NodeKind.Number) => [.. value.Items.Select(i => i.Text)],
            NodeKind.String => TargetList.Parse(value.Text),
            _ => null,
        };
        return items is null || items.Count > ListItemsMax || items.Any(i => i.Contains('\n')) ? null : TargetList.ToText(items);
    }

    static bool IsWhole(string value) => long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _);

    static bool IsNumber(string value) =>
        decimal.TryParse(value, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out _);

    static string Wanted(InputType type) => type switch
    {
        InputType.String or InputType.Enum => "a text.",
        InputType.Int => "a whole number.",
        InputType.Number => "a number such as 1.5.",
        InputType.Bool => "true or false.",
        InputType.Duration => "a length of time. " + Durations.Example,
        InputType.Date => "a date such as 2026-12-24.",
        InputType.List => $"a list of at most {ListItemsMax} texts of one line each, such as [\"a\", \"b\"].",
        _ => "the place of the secret (\"env:NAME\", \"file:/path\", \"systemd:NAME\"), never the secret itself.",
    };

    static string Violation(InputDefinition input, string text)
    {
        foreach (var value in input.Type == InputType.List ? TargetList.Parse(text) : [text])
        {
            if (input.Enum.Count > 0 && !input.Enum.Contains(value))
                return $"is '{value}' and must be one of {string.Join(", ", input.Enum)}.";
            if (input.Pattern is not null && !Matches(input.Pattern, value))
                return $"is '{value}' and must match {input.Pattern}.";
        }

        return Measure(input.Type, text) is { } size && (size < (input.Min ?? double.MinValue) || size > (input.Max ?? double.MaxValue))
            ? $"is {Sized(input.Type, size)} and must be {Bounds(input)}."
            : "";
    }

    static string Bounds(InputDefinition input) => string.Join(
        " and ",
        new[] { ("at least", input.Min), ("at most", input.Max) }.Where(b => b.Item2 is not null).Select(b =>
            $"{b.Item1} {Sized(input.Type, b.Item2 ?? 0)}"));

    static string Sized(InputType type, double size) => type switch
    {
        InputType.Duration => Durations.Format(TimeSpan.FromSeconds(size)),
        InputType.Date => DateOnly.FromDayNumber((int)size).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        InputType.List => $"{size} items long",
        _ => size.ToString(CultureInfo.InvariantCulture),
    };

    static bool Matches(string pattern, string text)
    {
        try
        {
            return Regex.IsMatch(text, pattern, RegexOptions.CultureInvariant, _patternTimeLimit);
        }
        catch (RegexMatchTimeoutException)
        {
            return false;
        }
    }
}
