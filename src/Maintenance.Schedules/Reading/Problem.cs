namespace Maintenance.Schedules;

/// <summary>A place in a text: both numbers count from 1, columns in UTF-16 units as editors do.</summary>
public readonly record struct Position(int Line, int Column)
{
    public override string ToString() => $"{Line}:{Column}";
}

/// <summary>One thing that is wrong in a file: where it is, what it is, and what to write instead.</summary>
public sealed record Problem(string File, int Line, int Column, string Code, string Path, string Message, string Fix)
{
    public override string ToString() =>
        $"{File}:{Line}:{Column} {Code} {(Path.Length == 0 ? "" : Path + ": ")}{Message}{(Fix.Length == 0 ? "" : " " + Fix)}";
}
