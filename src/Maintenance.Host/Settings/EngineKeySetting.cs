using Temporal.Engine;

namespace Maintenance.Host.Settings;

/// <summary>
/// One API key of the embedded engine as it is set: a reference to the key, which itself stands in no settings file, and what it allows.
/// <c>env:CI_KEY default=write staging=read</c>; <c>*</c> stands for every namespace and for the server as a whole.
/// </summary>
sealed record EngineKeySetting(string Name, string Reference, IReadOnlyDictionary<string, EnginePermission> Permissions)
{
    const string HowTo =
        "write env:VARIABLE or file:/PATH, then NAMESPACE=read, =write or =admin (namespace * for all), such as 'env:CI_KEY default=write'";

    /// <summary>
    /// The key's setting, or what is wrong with its text. A text without a reference may be a key, so it is not repeated.
    /// </summary>
    public static EngineKeySetting? Parse(string name, string text, out string problem)
    {
        problem = "";
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length == 0 || !IsReference(words[0]))
        {
            problem = $"Engine:ApiKeys:{name} does not begin with a reference to the key; {HowTo}";
            return null;
        }

        var permissions = new Dictionary<string, EnginePermission>(StringComparer.Ordinal);
        foreach (var word in words.Skip(1))
        {
            var parts = word.Split('=');
            if (parts.Length != 2 || parts[0].Length == 0 || Permission(parts[1]) is not { } permission)
            {
                problem = $"Engine:ApiKeys:{name} has '{word}', which is no permission; {HowTo}";
                return null;
            }

            permissions[parts[0]] = permission;
        }

        if (permissions.Count > 0)
            return new(name, words[0], permissions);

        problem = $"Engine:ApiKeys:{name} allows nothing; {HowTo}";
        return null;
    }

    /// <summary>Reads the key where it is kept.</summary>
    /// <exception cref="InvalidSettingsException">It is not there, or is too short to be safe. The message does not hold it.</exception>
    public EngineApiKey Resolve()
    {
        try
        {
            return new(Name, Read(), Permissions);
        }
        catch (Exception ex) when (ex is ArgumentException or IOException or UnauthorizedAccessException)
        {
            throw new InvalidSettingsException([
                $"Engine:ApiKeys:{Name}: {ex.Message} A key is at least {EngineApiKey.LengthMin} characters; `openssl rand -hex 32` makes "
                    + "a good one.",
            ]);
        }
    }

    string Read()
    {
        if (Reference.StartsWith("file:", StringComparison.Ordinal))
            return File.ReadAllText(Reference[5..]).TrimEnd('\r', '\n');

        return Environment.GetEnvironmentVariable(Reference[4..])
            ?? throw new IOException($"There is no environment variable {Reference[4..]}.");
    }

    static bool IsReference(string word) =>
        (word.StartsWith("env:", StringComparison.Ordinal) && word.Length > 4) || word.StartsWith("file:/", StringComparison.Ordinal);

    static EnginePermission? Permission(string word) => word switch
    {
        "read" => EnginePermission.Read,
        "write" => EnginePermission.Write,
        "admin" => EnginePermission.Admin,
        _ => null,
    };
}
