namespace Maintenance.Schedules;

/// <summary>
/// Collects everything that is wrong in one file. <paramref name="prefix"/> (SCH, JOB) starts every code, so that the
/// numbers of <see cref="ReadingCodes"/> mean the same in each kind of file.
/// </summary>
public sealed class ProblemList(string file, string prefix)
{
    readonly List<Problem> _problems = [];

    public string File => file;

    public bool Any => _problems.Count > 0;

    public int Count => _problems.Count;

    public void Add(Position at, int number, string path, string message, string fix = "") =>
        _problems.Add(new Problem(file, at.Line, at.Column, $"{prefix}{number:000}", path, message, fix));

    public void Add(Node node, int number, string message, string fix = "") => Add(node.Position, number, node.Path, message, fix);

    /// <summary>The value if nothing was wrong, else only the problems.</summary>
    public ReadResult<T> Result<T>(T? value) where T : class => Any ? new ReadResult<T>(null, ToList()) : new ReadResult<T>(value, []);

    /// <summary>In the order of the file, as a person would go through it.</summary>
    public IReadOnlyList<Problem> ToList() => [.. _problems.OrderBy(p => p.Line).ThenBy(p => p.Column)];
}

/// <summary>Numbers of the problems that the shared reader finds; each file kind has its own from 020 on.</summary>
public static class ReadingCodes
{
    public const int NotJson = 1;
    public const int DuplicateMember = 2;
    public const int UnknownMember = 3;
    public const int WrongType = 4;
    public const int MissingMember = 5;
    public const int BadDuration = 6;
    public const int OutOfRange = 7;
    public const int NotOneOf = 8;
    public const int UnknownTimeZone = 9;
    public const int BadName = 10;
    public const int EmptyValue = 11;
}
