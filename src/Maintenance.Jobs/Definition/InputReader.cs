using System.Text.RegularExpressions;
using Maintenance.Schedules;

namespace Maintenance.Jobs.Definition;

/// <summary>Reads the declared inputs of a job. A default is held to the same rules as a given value.</summary>
static partial class InputReader
{
    static readonly TimeSpan _patternTimeLimit = TimeSpan.FromSeconds(1);

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
        var type = reader.OneOf("type", "string", "int", "bool", "duration", "secret");
        _ = reader.Required("type");
        var input = new InputDefinition
        {
            Name = name,
            Type = type switch { "int" => InputType.Int, "bool" => InputType.Bool, "duration" => InputType.Duration, "secret" => InputType.Secret, _ => InputType.String },
            Enum = reader.Strings("enum"),
            Pattern = ReadPattern(reader, problems),
            Min = reader.Int("min"),
            Max = reader.Int("max"),
            Description = reader.String("description") ?? "",
        };
        string? fallback = null;
        if (reader.Value("default") is { } given)
        {
            fallback = InputRules.Text(input, given.Kind, given.Text, out var wrong);
            if (fallback is null)
                problems.Add(
                    given, JobCodes.BadDefault, $"The default of '{name}' {wrong}",
                    "Correct it, or leave it out: the input must then be given.");
        }

        reader.Close();
        return input with { Default = fallback };
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
