namespace Maintenance.Schedules;

/// <summary>Names for jobs from their commands: the program that does the work, made unique.</summary>
sealed class JobNames(IEnumerable<string> taken, string? host = null)
{
    const int LengthMax = 60;

    // Words in front of the program that matters.
    static readonly string[] _wrappers =
    [
        "exec", "nice", "ionice", "nohup", "time", "sudo", "env", "flock", "timeout", "cd", "test", "sleep", "sh", "bash", "/bin/sh",
        "/bin/bash", "for", "if", "then", "do", "chronic", "setsid", "stdbuf", "systemd-cat", "run-one", "cronic",
    ];

    static readonly string[] _scriptEndings = [".sh", ".bash", ".py", ".pl", ".rb", ".php", ".js", ".ps1", ".jar", ".exe", ".bin"];

    readonly HashSet<string> _taken = new(taken, StringComparer.Ordinal);

    public string For(string command) => Unique(Clean(Program(command)));

    /// <summary>A name that somebody gave already, such as a unit's.</summary>
    public string Named(string name) => Unique(Clean(name));

    string Unique(string wanted)
    {
        var name = host is null ? wanted : $"{Clean(host)}-{wanted}";
        var unique = name;
        for (var n = 2; !_taken.Add(unique); n++)
            unique = $"{name}-{n}";
        return unique;
    }

    static string Program(string command)
    {
        var words = command.Split([' ', '\t', ';', '&', '|', '(', ')', '"', '\'', '\r', '{', '}'], StringSplitOptions.RemoveEmptyEntries);
        var programs = words.Where((word, i) => IsProgram(word) && (i == 0 || !TakesPath(words[i - 1]))).ToList();
        return Last(programs.Find(w => w.Contains('/', StringComparison.Ordinal)) ?? programs.FirstOrDefault() ?? "command");
    }

    static bool IsProgram(string word) =>
        !_wrappers.Contains(word) && word[0] is not ('-' or '>' or '<') && !word.Contains('=', StringComparison.Ordinal)
            && char.IsAsciiLetter(Last(word).FirstOrDefault());

    /// <summary>What follows is a folder or a file, not a program.</summary>
    static bool TakesPath(string word) => word == "cd" || word.EndsWith('>') || word.EndsWith('<');

    static string Last(string word) => word.TrimEnd('/').Split('/')[^1];

    static string Clean(string word)
    {
        var ending = _scriptEndings.FirstOrDefault(e => word.EndsWith(e, StringComparison.OrdinalIgnoreCase)) ?? "";
        var stem = word[..^ending.Length];
        var clean = new string([.. stem.ToLowerInvariant().Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-')]).Trim('-');
        while (clean.Contains("--", StringComparison.Ordinal))
            clean = clean.Replace("--", "-", StringComparison.Ordinal);
        return clean.Length == 0 ? "command" : clean[..Math.Min(clean.Length, LengthMax)].Trim('-');
    }
}
