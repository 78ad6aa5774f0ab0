using System.Text;

namespace Maintenance.Schedules;

/// <summary>A command of a service: its words, before <c>$NAME</c> is replaced.</summary>
/// <param name="Executable">The program, where the first word is not it (prefix <c>@</c>).</param>
/// <param name="IgnoreFailure">Prefix <c>-</c>: what it returns does not matter.</param>
/// <param name="Literal">Prefix <c>:</c>: <c>$</c> is ordinary.</param>
/// <param name="Privileged">Prefix <c>+</c>, <c>!</c> or <c>!!</c>: the service's user does not count, or not fully.</param>
public sealed record ServiceCommand(
    int Line, string Executable, IReadOnlyList<string> Words, bool IgnoreFailure, bool Literal, bool Privileged);

/// <summary>The service that a timer starts, as systemd loads it.</summary>
public sealed record ServiceUnit(string Name)
{
    public IReadOnlyList<ServiceCommand> Condition { get; init; } = [];
    public IReadOnlyList<ServiceCommand> Pre { get; init; } = [];
    public IReadOnlyList<ServiceCommand> Start { get; init; } = [];
    public IReadOnlyList<ServiceCommand> Post { get; init; } = [];
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();
    public string Type { get; init; } = "simple";
    public string? User { get; init; }
    public string? WorkingDirectory { get; init; }
    public string? Description { get; init; }

    /// <summary>Null when the service may take as long as it likes.</summary>
    public decimal? TimeoutStartSeconds { get; init; }

    /// <summary>Lines that say something about the run that an import does not carry over, as <c>KEY=value</c>.</summary>
    public IReadOnlyList<UnitProblem> NotCarried { get; init; } = [];

    /// <summary>Lines that systemd leaves out and goes on.</summary>
    public IReadOnlyList<UnitProblem> Ignored { get; init; } = [];

    /// <summary>Why systemd refuses the unit; line 0 when it is no single line.</summary>
    public UnitProblem? Refusal { get; init; }

    public static ServiceUnit Parse(ReadOnlySpan<byte> content, string name, IEnumerable<UnitDropIn>? dropIns = null) =>
        new ServiceUnitReader(UnitFile.Parse(content, dropIns ?? []), new UnitName(name)).Read();
}

sealed class ServiceUnitReader(UnitFile file, UnitName name)
{
    // What has no meaning for a job, or has its own place in it.
    static readonly HashSet<string> _known =
    [
        "Type", "User", "Environment", "WorkingDirectory", "TimeoutStartSec", "TimeoutSec", "RemainAfterExit",
        "ExecCondition", "ExecStartPre", "ExecStart", "ExecStartPost", "SyslogIdentifier", "StandardOutput", "StandardError",
    ];

    readonly Dictionary<string, List<ServiceCommand>> _commands = new(StringComparer.Ordinal)
    {
        ["ExecCondition"] = [], ["ExecStartPre"] = [], ["ExecStart"] = [], ["ExecStartPost"] = [], ["ExecStop"] = [],
    };

    readonly Dictionary<string, string> _environment = new(StringComparer.Ordinal);
    readonly List<UnitProblem> _ignored = [.. file.Ignored];
    readonly List<string> _specifiers = [];
    UnitProblem? _refusal;

    public ServiceUnit Read()
    {
        foreach (var line in file.In("Service"))
        {
            if (_commands.TryGetValue(line.Key, out var commands))
                ReadCommands(line, commands);
            else if (line.Key == "Environment")
                ReadEnvironment(line);
        }

        var type = file.Last("Service", "Type") ?? (_commands["ExecStart"].Count > 0 ? "simple" : "oneshot");
        return new ServiceUnit(name.Full)
        {
            Type = type,
            Condition = _commands["ExecCondition"],
            Pre = _commands["ExecStartPre"],
            Start = _commands["ExecStart"],
            Post = _commands["ExecStartPost"],
            Environment = _environment,
            User = file.Last("Service", "User") is { } user ? name.Expand(user, _specifiers) : null,
            WorkingDirectory = file.Last("Service", "WorkingDirectory") is { } folder ? name.Expand(folder, _specifiers) : null,
            Description = file.Last("Unit", "Description") is { } description ? name.Expand(description) : null,
            TimeoutStartSeconds = Timeout(),
            NotCarried = [.. NotCarried()],
            Ignored = _ignored,
            Refusal = _refusal ?? Contradiction(type),
        };
    }

    IEnumerable<UnitProblem> NotCarried() =>
        file.In("Service").Where(a => !_known.Contains(a.Key) && a.Value.Length > 0).Select(a => a.Problem($"{a.Key}={a.Value}"))
            .Concat(_specifiers.Distinct(StringComparer.Ordinal).Select(s => new UnitProblem(0, $"the specifier {s}")));

    decimal? Timeout()
    {
        decimal? timeout = null;
        foreach (var line in file.In("Service").Where(a => a.Key is "TimeoutStartSec" or "TimeoutSec"))
        {
            if (UnitTimeSpan.Parse(line.Value) is not { } span)
                _ignored.Add(line.Problem($"'{line.Value}' is no time span"));
            else
                timeout = span is 0 or UnitTimeSpan.Infinity ? null : span;
        }

        return timeout;
    }

    UnitProblem? Contradiction(string type)
    {
        var start = _commands["ExecStart"];
        if (start.Count == 0 && (type != "oneshot" || (_commands["ExecStop"].Count == 0 && file.Last("Unit", "SuccessAction") is null)))
            return new UnitProblem(0, "the service has no ExecStart");
        return start.Count > 1 && type != "oneshot"
            ? new UnitProblem(start[1].Line, "more than one ExecStart, which only Type=oneshot may have")
            : null;
    }

    void ReadEnvironment(UnitAssignment line)
    {
        if (line.Value.Length == 0)
            _environment.Clear();
        var words = new UnitWords(line.Value);
        try
        {
            while (words.Next(relaxed: false) is { } word)
            {
                var assignment = name.Expand(word, _specifiers);
                var equals = assignment.IndexOf('=', StringComparison.Ordinal);
                if (equals > 0 && IsVariable(assignment[..equals]))
                    _environment[assignment[..equals]] = assignment[(equals + 1)..];
                else
                    _ignored.Add(line.Problem($"'{word}' is no assignment"));
            }
        }
        catch (FormatException broken)
        {
            _ignored.Add(line.Problem($"Environment: {broken.Message}"));
        }
    }

    static bool IsVariable(string text) => !char.IsAsciiDigit(text[0]) && text.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');

    void ReadCommands(UnitAssignment line, List<ServiceCommand> commands)
    {
        if (line.Value.Length == 0)
            commands.Clear();
        var words = new UnitWords(line.Value);
        while (!words.AtEnd && ReadCommand(line, words, commands))
        {
        }
    }

    /// <summary>
    /// One command; a lone <c>;</c> separates it from the next. False when the line ends with it or cannot be read further.
    /// </summary>
    bool ReadCommand(UnitAssignment line, UnitWords words, List<ServiceCommand> commands)
    {
        var ignoreFailure = false;
        try
        {
            if (words.Next(relaxed: true) is not { } first)
                return false;
            if (first == ";")
                return true;
            var program = first.TrimStart('-', '@', ':', '+', '!');
            var prefixes = first[..^program.Length];
            ignoreFailure = prefixes.Contains('-', StringComparison.Ordinal);
            program = Simplified(name.Expand(program, _specifiers));
            if (program.Length == 0 || program.EndsWith('/') || (program[0] != '/' && program.Contains('/', StringComparison.Ordinal)))
                throw new FormatException(
                    program.Length == 0
                        ? "names no program"
                        : program.EndsWith('/') ? "names a folder" : "is neither a plain name nor an absolute path");

            var arguments = prefixes.Contains('@', StringComparison.Ordinal) ? new List<string>() : [program];
            var more = ReadArguments(words, arguments);
            if (arguments.Count == 0)
                throw new FormatException("has no words behind '@'");
            commands.Add(new ServiceCommand(
                line.Line, program, arguments, ignoreFailure, prefixes.Contains(':', StringComparison.Ordinal),
                prefixes.Any(c => c is '+' or '!')));
            return more;
        }
        catch (FormatException broken)
        {
            var problem = line.Problem($"{line.Key} {broken.Message}");
            if (ignoreFailure)
                _ignored.Add(problem);
            else
                _refusal ??= problem;
            return false;
        }
    }

    /// <summary>True when another command follows.</summary>
    bool ReadArguments(UnitWords words, List<string> arguments)
    {
        while (!words.AtEnd)
        {
            var rest = words.Rest;
            if (rest[0] == ';' && (rest.Length == 1 || UnitWords.IsBlank(rest[1])))
            {
                words.Skip(1);
                return true;
            }

            if (rest.StartsWith(@"\;", StringComparison.Ordinal) && (rest.Length == 2 || UnitWords.IsBlank(rest[2])))
            {
                words.Skip(2);
                arguments.Add(";");
            }
            else if (words.Next(relaxed: true) is { } word)
            {
                arguments.Add(name.Expand(word, _specifiers));
            }
        }

        return false;
    }

    static string Simplified(string path)
    {
        var simple = new StringBuilder();
        foreach (var c in path)
        {
            if (c != '/' || simple.Length == 0 || simple[^1] != '/')
                simple.Append(c);
        }

        return simple.ToString();
    }
}
