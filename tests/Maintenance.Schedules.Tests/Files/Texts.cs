namespace Maintenance.Schedules.Tests.Files;

/// <summary>A folder of files that is only in memory.</summary>
sealed class Texts : IFileTexts
{
    public const string Root = "/site";

    readonly SortedDictionary<string, string> _files = new(StringComparer.Ordinal);

    public Texts With(string name, string text)
    {
        _files[Path.Combine(Root, name)] = text;
        return this;
    }

    public ReadResult<ScheduleSet> Read(string environment = "") => ScheduleFile.Read(this, Path.Combine(Root, "schedules.json"), environment);

    public string? Read(string path, int lengthMax, out string problem)
    {
        problem = "there is none";
        return _files.TryGetValue(path, out var text) && text.Length <= lengthMax ? text : null;
    }

    public IReadOnlyList<string>? List(string folder)
    {
        var files = _files.Keys.Where(path => Path.GetDirectoryName(path) == folder.TrimEnd('/') && path.EndsWith(".json", StringComparison.Ordinal)).ToList();
        return files.Count == 0 ? null : files;
    }
}
