namespace Maintenance.Schedules;

/// <summary>Where the texts of the files come from: the one thing about them that is not pure, so the host does it.</summary>
public interface IFileTexts
{
    /// <summary>Null with the reason when there is no such file, it cannot be read, or it has more than so many characters.</summary>
    string? Read(string path, int lengthMax, out string problem);

    /// <summary>Full paths of the .json files right in a folder, in ordinal order; null when there is no such folder.</summary>
    IReadOnlyList<string>? List(string folder);
}

/// <summary>
/// The folder of schedules.json: files that it takes in are in there or below, so that a checkout is complete on its own.
/// </summary>
sealed class ScheduleFolder(IFileTexts texts, string root)
{
    readonly string _root = Path.GetFullPath(root) is var full && full.EndsWith(Path.DirectorySeparatorChar)
        ? full
        : full + Path.DirectorySeparatorChar;

    /// <summary>The full path that a node names beside its own file; null with a problem when it leads out of the folder.</summary>
    public string? Resolve(Node node, string path, ProblemList problems)
    {
        var full = Path.GetFullPath(path, Path.GetDirectoryName(Path.GetFullPath(node.File))!);
        if (!Path.IsPathRooted(path) && full.StartsWith(_root, StringComparison.Ordinal))
            return full;
        problems.Add(
            node, ScheduleCodes.BadInclude,
            $"'{path}' is not in the folder of the schedules.",
            "Name a file in that folder or below, relative to the file that names it.");
        return null;
    }

    public string? Read(Node node, string file, int lengthMax, ProblemList problems)
    {
        if (texts.Read(file, lengthMax, out var problem) is { } text)
            return text;
        problems.Add(
            node, ScheduleCodes.CannotRead, $"The file cannot be read: {problem}",
            "Check the name; it counts from the folder of the file that names it.");
        return null;
    }

    public IReadOnlyList<string>? List(string folder) => texts.List(folder);
}
