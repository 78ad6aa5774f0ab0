using System.Globalization;
using System.Text.RegularExpressions;
using Maintenance.Schedules;

namespace Maintenance.Jobs.Definition;

/// <summary>Reads the declared inputs of a job. A default is held to the same rules as a given value.</summary>
static partial class InputReader
{
    static readonly TimeSpan _patternTimeLimit = TimeSpan.FromSeconds(1);

    public static readonly IReadOnlyList<string> TypeNames =
    [
        "string", "int", "number", "bool", "duration", "date", "list", "enum", "secret"
    ];

    public static IReadOnlyList<InputDefinition> Read(ObjectReader job, ProblemList problems)
    {
        var inputs = new List<InputDefinition>();
        foreach (var member in job.Members("input"))
        {
            if (!ReferenceText.NamePattern().IsMatch(member.Name))
                problems.Add(
                    member.NamePosition, ReadingCodes.BadName, member.Value.Path, $"'{member.Name}' is no name for an input.",
                    "Use letters, digits, '_' and '-', and begin with a letter.");
            if (ObjectReader.Open(member.Value, problems, "an input, an object") is { } reader)
                inputs.Add(Read(member.Name, reader, problems));
        }

        return inputs;
    }

    static InputDefinition Read(string name, ObjectReader reader, ProblemList problems)
    {
        _ = reader.Required("type");
        var type = reader.OneOf("type", TypeNames) is { } word ? System.Enum.Parse<InputType>(word, ignoreCase: true) : InputType.String;
        var input = new InputDefinition
        {
            Name = name,
            Type = type,
            Enum = reader.Strings("enum"),
            Pattern = ReadPattern(reader, problems),
            Min = ReadBound(reader, "min", type),
            Max = ReadBound(reader, "max", type),
            Description = reader.String("description") ?? "",
        };
        if (type == InputType.Enum && input.Enum.Count == 0)
            problems.Add(
                reader.Node, ReadingCodes.MissingMember, $"The input '{name}' is an enum without values.", """Add "enum": ["a", "b"].""");
        CheckBounds(input, reader, problems);
        string? fallback = null;
        if (reader.Value("default") is { } given)
        {
            fallback = InputRules.Text(input, given, out var wrong);
            if (fallback is null)
                problems.Add(
                    given, JobCodes.BadDefault, $"The default of '{name}' {wrong}",
                    "Correct it, or leave it out: the input must then be given.");
        }

        reader.Close();
        return input with { Default = fallback };
    }

    /// <summary>In the words of the input's type: a number, a length of time, a date, a number of items.</summary>
    static double? ReadBound(ObjectReader reader, string member, InputType type) => type switch
    {
        InputType.Duration => reader.Duration(member)?.TotalSeconds,
        InputType.Date => ReadDate(reader, member),
        InputType.Int or InputType.List => reader.Int(member),
        _ => reader.Number(member),
    };

    static double? ReadDate(ObjectReader reader, string member)
    {
        if (reader.String(member) is not { } text)
            return null;
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
            return date.DayNumber;
        reader.Problems.Add(
            reader.Node.Find(member) ?? reader.Node, ReadingCodes.OutOfRange, $"'{text}' is no date.", "Write one such as 2026-12-24.");
        return null;
    }

    static void CheckBounds(InputDefinition input, ObjectReader reader, ProblemList problems)
    {
        var bound = reader.Node.Find("min") ?? reader.Node.Find("max");
        if (bound is not null && input.Type is (InputType.String or InputType.Bool or InputType.Secret or InputType.Enum))
            problems.Add(
                bound, JobCodes.NotForThisKind, $"An input of type {input.Type.ToString().ToLowerInvariant()} has no size to limit.",
                "Use 'pattern' or 'enum' instead.");
        if (input is { Min: { } min, Max: { } max } && min > max)
            problems.Add(
                bound ?? reader.Node, ReadingCodes.OutOfRange, $"The smallest value of '{input.Name}' is larger than its largest.",
                "Exchange 'min' and 'max'.");
    }

    static string? ReadPattern(ObjectReader reader, ProblemList problems)
    {
        if (reader.String("pattern") is not { } pattern)
            return null;
        try
        {
            _ = new Regex(pattern, RegexOptions.CultureInvariant, _patternTimeLimit);
            return pattern;
        }
        catch (ArgumentException broken)
        {
            problems.Add(
                reader.Node.Find("pattern") ?? reader.Node, JobCodes.BadPattern, $"The pattern is no regular expression: {broken.Message}",
                "Correct it; it is matched in .NET's syntax.");
            return null;
        }
    }
}
