using System.Text;

namespace Maintenance.Host.Importing;

/// <summary>The lines of a log that grows, and that is put aside and begun anew now and then. Looked at when the caller asks.</summary>
sealed class LogTail(string path) : IDisposable
{
    FileStream? _file;
    string _unfinished = "";

    /// <summary>The whole lines that came since the last look; at the first look, all that are there.</summary>
    /// <exception cref="IOException">It is there and cannot be read.</exception>
    public IReadOnlyList<string> Read()
    {
        var lines = new List<string>();
        // What was put aside is read to its end first.
        Take(lines);
        var there = new FileInfo(path);
        if (!there.Exists || (_file is not null && there.Length >= _file.Position))
            return lines;

        _file?.Dispose();
        _unfinished = "";
        _file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        Take(lines);
        return lines;
    }

    public void Dispose() => _file?.Dispose();

    void Take(List<string> lines)
    {
        if (_file is null)
            return;
        using var reader = new StreamReader(_file, Encoding.Latin1, leaveOpen: true);
        var parts = (_unfinished + reader.ReadToEnd()).Split('\n');
        _unfinished = parts[^1];
        lines.AddRange(parts[..^1]);
    }
}
