using System.Text;
using System.Text.RegularExpressions;

namespace Maintenance.Jobs.Attempts;

/// <summary>
/// Reads the file behind $MAINTENANCE_OUTPUT: one name=value a line. A line that cannot be read is said, never guessed at.
/// </summary>
static partial class StepOutputs
{
    public const int BytesMax = 64 * 1024;

    public static (IReadOnlyDictionary<string, string> Outputs, IReadOnlyList<string> Problems) Read(string file, Redactor redactor)
    {
        var outputs = new Dictionary<string, string>(StringComparer.Ordinal);
        var problems = new List<string>();
        if (!File.Exists(file))
            return (outputs, problems);
        var length = new FileInfo(file).Length;
        if (length > BytesMax)
        {
            problems.Add(
                $"The outputs were left out: $MAINTENANCE_OUTPUT has {length} bytes, at most {BytesMax} are taken. Write large results to "
                    + "a file and give its path.");
            return (outputs, problems);
        }

        var number = 0;
        foreach (var line in File.ReadAllText(file, Encoding.UTF8).Split('\n'))
        {
            number++;
            var text = line.TrimEnd('\r');
            if (text.Length == 0)
                continue;
            var equals = text.IndexOf('=');
            if (equals > 0 && NamePattern().IsMatch(text.AsSpan(0, equals)))
                outputs[text[..equals]] = redactor.Redact(text[(equals + 1)..]).Replace('\0', '\uFFFD');
            else
                problems.Add(
                    $"Line {number} of $MAINTENANCE_OUTPUT was left out: it is not name=value with a name of letters, digits, '_' and '-'.");
        }

        return (outputs, problems);
    }

    [GeneratedRegex("^[A-Za-z_][A-Za-z0-9_-]*$")]
    public static partial Regex NamePattern();
}
