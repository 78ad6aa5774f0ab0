using System.Globalization;
using System.Text.RegularExpressions;
using Maintenance.Jobs.Attempts;
using Maintenance.Schedules;

namespace Maintenance.Jobs.Definition;

/// <summary>
/// Turns one given value into the text that scripts see, or says what is wrong with it. A duration is seen as whole seconds.
/// </summary>
static class InputRules
{
    static readonly TimeSpan _patternTimeLimit = TimeSpan.FromSeconds(1);

    public static string? Text(InputDefinition input, NodeKind kind, string value, out string wrong)
    {
        wrong = "";
        var text = input.Type switch
        {
            InputType.String when kind == NodeKind.String => value,
            InputType.Int when IsWhole(kind, value) => value,
            InputType.Bool when kind == NodeKind.Boolean || (kind == NodeKind.String && value is "true" or "false") => value,
            InputType.Duration when kind == NodeKind.String && Durations.TryParse(value, out var duration) =>
                ((long)Math.Ceiling(duration.TotalSeconds)).ToString(CultureInfo.InvariantCulture),
            InputType.Secret when kind == NodeKind.String && SecretSource.IsReference(value) => value,
            _ => null,
        };
        if (text is null)
        {
            wrong = input.Type switch
            {
                InputType.String => "must be a text.",
                InputType.Int => "must be a whole number.",
                InputType.Bool => "must be true or false.",
                InputType.Duration => "must be a length of time. " + Durations.Example,
                _ => "must say where the secret is (\"env:NAME\" or \"file:/path\"), never the secret itself.",
            };
            return null;
        }

        wrong = Violation(input, text);
        return wrong.Length == 0 ? text : null;
    }

    /// <summary>A text counts too: values from a command line have no other type.</summary>
    static bool IsWhole(NodeKind kind, string value) =>
        kind is NodeKind.Number or NodeKind.String && long.TryParse(
            value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _);

    static string Violation(InputDefinition input, string text)
    {
        if (input.Enum.Count > 0 && !input.Enum.Contains(text))
            return $"is '{text}' and must be one of {string.Join(", ", input.Enum)}.";
        if (input.Pattern is not null && !Matches(input.Pattern, text))
            return $"is '{text}' and must match {input.Pattern}.";
        if (input.Type == InputType.Int && long.Parse(text, CultureInfo.InvariantCulture) is var number && (number < (input.Min ?? long.MinValue) || number > (input.Max ?? long.MaxValue)))
            return $"is {text} and must be {(input.Min is null ? "" : $"at least {input.Min}")}{(input.Min is not null && input.Max is not null ? " and " : "")}{(input.Max is null ? "" : $"at most {input.Max}")}.";
        return "";
    }

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
