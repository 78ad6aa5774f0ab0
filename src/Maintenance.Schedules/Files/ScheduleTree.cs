namespace Maintenance.Schedules;

/// <summary>One of the files: its root, and what it takes from the file that takes it in.</summary>
sealed record TreeFile(string Path, Node Root, TreeFile? Parent)
{
    public Node? Defaults { get; } = Merged.Over(Parent?.Defaults, Root.Find("defaults"));

    public bool IsWithin(string path) => Path == path || (Parent?.IsWithin(path) ?? false);

    public int Depth => Parent is null ? 0 : Parent.Depth + 1;
}

/// <summary>Finds the files that belong to schedules.json: those of <c>$include</c>, and those of theirs.</summary>
sealed class ScheduleTree(ScheduleFolder? folder, ProblemList problems)
{
    public const int FilesMax = 1_000;
    public const int LengthMax = 16 * 1024 * 1024;
    const int DepthMax = 8;

    readonly List<TreeFile> _files = [];

    /// <summary>The root first, then each file where it is taken in.</summary>
    public IReadOnlyList<TreeFile> Load(string path, Node root)
    {
        Add(new TreeFile(path, root, null));
        return _files;
    }

    void Add(TreeFile file)
    {
        _files.Add(file);
        var include = file.Root.Kind == NodeKind.Object ? file.Root.Find("$include") : null;
        foreach (var item in include is null ? [] : include.Kind == NodeKind.Array ? include.Items : [include])
            Include(file, item);
    }

    void Include(TreeFile file, Node item)
    {
        if (item.Kind != NodeKind.String || item.Text.Length == 0)
            Refuse(item, $"Expected the name of a file or folder, found {item.Describe()}.", "Write \"teams/\" or \"teams/web.json\".");
        else if (folder is null)
            Refuse(item, "There is no folder here to take files from.", "Write the schedules into this file.");
        else if (item.Text.Contains('*', StringComparison.Ordinal))
            Refuse(item, $"'{item.Text}' is a pattern.", "Name a folder (\"teams/\") for all .json files in it, or list the files.");
        else if (folder.Resolve(item, item.Text, problems) is { } path)
        {
            if (item.Text.EndsWith('/'))
                IncludeFolder(file, item, path);
            else
                IncludeFile(file, item, path);
        }
    }

    void IncludeFolder(TreeFile file, Node item, string path)
    {
        if (folder!.List(path) is not { } files)
            problems.Add(item, ScheduleCodes.CannotRead, $"There is no folder '{item.Text}'.", "Name one beside this file.");
        else
            foreach (var each in files)
                IncludeFile(file, item, each);
    }

    void IncludeFile(TreeFile file, Node item, string path)
    {
        if (file.IsWithin(path))
            Refuse(item, $"'{item.Text}' takes itself in.", $"The way is {Way(file)} and here again; cut it.");
        else if (_files.Any(f => f.Path == path))
            Refuse(item, $"'{item.Text}' is taken in twice.", "Its schedules would be there twice; name it once.");
        else if (file.Depth == DepthMax || _files.Count == FilesMax)
            Refuse(item, $"More than {DepthMax} files within each other, or {FilesMax} in all.", "Take them in from the first file.");
        else if (folder!.Read(item, path, LengthMax, problems) is { } text)
        {
            var own = new ProblemList(path, ScheduleFile.CodePrefix);
            var root = NodeParser.Parse(text, own);
            problems.AddRange(own.ToList());
            if (root is not null)
                Add(new TreeFile(path, root, file));
        }
    }

    void Refuse(Node item, string message, string fix) => problems.Add(item, ScheduleCodes.BadInclude, message, fix);

    static string Way(TreeFile file) => (file.Parent is null ? "" : Way(file.Parent) + " > ") + Path.GetFileName(file.Path);
}
