using Maintenance.Schedules;

namespace Maintenance.Host.Runtime;

/// <summary>The files of the schedules on this machine. It remembers what it was asked for, so that a watch can look at just that.</summary>
sealed class DiskTexts : IFileTexts
{
    const int BytesPerCharacter = 4;

    readonly SortedDictionary<string, string> _asked = new(StringComparer.Ordinal);

    /// <summary>
    /// Every file and folder that was asked for since the last <see cref="Forget"/>, there or not, as it was just before it was first read.
    /// </summary>
    public IEnumerable<string> Stamps => _asked.Values;

    /// <summary>The same files and folders as they are now.</summary>
    public IEnumerable<string> StampsNow => _asked.Keys.Select(WatchedFiles.Stamp);

    public void Forget() => _asked.Clear();

    public string? Read(string path, int lengthMax, out string problem)
    {
        Note(path);
        problem = "";
        try
        {
            // Looked at before it is read: nothing on the way to a refusal should fill the memory.
            if (new FileInfo(path).Length <= (long)lengthMax * BytesPerCharacter && File.ReadAllText(path) is var text && text.Length <= lengthMax)
                return text;
            problem = $"'{path}' has more than {lengthMax} characters.";
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            problem = unreadable.Message;
        }

        return null;
    }

    public IReadOnlyList<string>? List(string folder)
    {
        Note(folder);
        return Directory.Exists(folder) ? [.. Directory.EnumerateFiles(folder, "*.json").Order(StringComparer.Ordinal)] : null;
    }

    void Note(string path)
    {
        if (!_asked.ContainsKey(path))
            _asked[path] = WatchedFiles.Stamp(path);
    }
}
