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

    public void Add(Position at, int number, string path, string message, string fix = "") => Add(file, at, number, path, message, fix);

    /// <summary>A problem in the file of the node, which may be another one that this file takes in.</summary>
    public void Add(Node node, int number, string message, string fix = "") =>
        Add(FileOf(node), node.Position, number, node.Path, message, fix);

    public void Add(string inFile, Position at, int number, string path, string message, string fix = "") =>
        _problems.Add(new Problem(inFile, at.Line, at.Column, $"{prefix}{number:000}", path, message, fix));

    public void AddRange(IEnumerable<Problem> problems) => _problems.AddRange(problems);

    internal string FileOf(Node node) => node.File.Length > 0 ? node.File : file;

    /// <summary>The value if nothing was wrong, else only the problems.</summary>
    public ReadResult<T> Result<T>(T? value) where T : class => Any ? new ReadResult<T>(null, ToList()) : new ReadResult<T>(value, []);

    /// <summary>File by file in the order of each, as a person would go through them; what was found twice is said once.</summary>
    public IReadOnlyList<Problem> ToList() =>
        [.. _problems.Distinct().OrderBy(p => p.File == file ? "" : p.File, StringComparer.Ordinal).ThenBy(p => p.Line).ThenBy(p => p.Column)];
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
