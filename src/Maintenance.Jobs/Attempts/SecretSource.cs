namespace Maintenance.Jobs.Attempts;

/// <summary>
/// Looks secrets up on the host that runs the step: "env:NAME" in the worker's environment, "file:/path" in a file (one newline at its end
/// is not part of it).
/// </summary>
static class SecretSource
{
    const int BytesMax = 64 * 1024;

    public static bool IsReference(string text) =>
        (text.StartsWith("env:", StringComparison.Ordinal) && text.Length > 4) || text.StartsWith("file:/", StringComparison.Ordinal);

    /// <summary>The values by variable name, or the first one that is missing; the message never holds a value.</summary>
    public static (IReadOnlyDictionary<string, string> Values, AttemptOutcome.CouldNotStart? Refusal) Resolve(
        IReadOnlyDictionary<string, string> references)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, reference) in references)
        {
            if (Value(reference, out var problem) is { } value)
                values[name] = value;
            else
                return (values, new("SECRET", $"The secret {name} ({reference}) is not there on this host: {problem}", Passing: false));
        }

        return (values, null);
    }

    static string? Value(string reference, out string problem)
    {
        problem = "";
        if (reference.StartsWith("env:", StringComparison.Ordinal))
        {
            problem = "the worker has no such environment variable. Set it in the worker's unit file or shell and restart the worker.";
            return Environment.GetEnvironmentVariable(reference[4..]) is { Length: > 0 } value ? value : null;
        }

        if (!reference.StartsWith("file:", StringComparison.Ordinal))
        {
            problem = "write env:NAME or file:/path.";
            return null;
        }

        try
        {
            var file = new FileInfo(reference[5..]);
            problem = $"the file is larger than {BytesMax / 1024} KiB.";
            return file.Length > BytesMax ? null : WithoutLastNewline(File.ReadAllText(file.FullName));
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            problem = $"{unreadable.Message} Check the path, and that the worker's user may read it.";
            return null;
        }
    }

    static string WithoutLastNewline(string text) => text.EndsWith('\n') ? text[..^1].TrimEnd('\r') : text;
}
