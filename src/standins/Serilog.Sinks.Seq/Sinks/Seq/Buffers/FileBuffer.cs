using System.Globalization;
using Serilog.Debugging;

namespace Serilog.Sinks.Seq.Buffers;

/// <summary>
/// Lines in numbered files <c>BASE-00000001.clef</c>, and <c>BASE.bookmark</c> with the place up to which the server has them.
/// Every line is handed to the operating system at once, so a killed process loses none; a power loss may tear the last one, which is
/// why a new process always begins a new file, and only whole lines that look like an object are sent.
/// </summary>
sealed class FileBuffer : IEventBuffer
{
    const long SegmentBytesDefault = 4 * 1024 * 1024;

    readonly Lock _gate = new();
    readonly string _folder;
    readonly string _name;
    readonly long? _bytesMax;
    readonly long _segmentBytes;
    readonly FileStream _lock;

    /// <summary>All files by number with their length, the one being written last.</summary>
    readonly SortedDictionary<long, long> _segments = [];
    FileStream? _writer;
    BufferPosition _bookmark;
    long _dropped;

    public FileBuffer(string baseName, long? bytesMax)
    {
        var path = Path.GetFullPath(baseName);
        _folder = Path.GetDirectoryName(path) ?? throw new IOException($"{path} is not the beginning of a file name.");
        _name = Path.GetFileName(path);
        _bytesMax = bytesMax;
        _segmentBytes = bytesMax is { } max ? Math.Clamp(max / 4, 1, SegmentBytesDefault) : SegmentBytesDefault;
        Directory.CreateDirectory(_folder);
        _lock = new(Path.Combine(_folder, $"{_name}.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);

        foreach (var file in new DirectoryInfo(_folder).GetFiles($"{_name}-*.clef"))
        {
            if (long.TryParse(
                file.Name.AsSpan(_name.Length + 1, file.Name.Length - _name.Length - 6), NumberStyles.None, CultureInfo.InvariantCulture,
                out var number))
                _segments[number] = file.Length;
        }

        _bookmark = ReadBookmark();
    }

    public int LostOnDispose => 0;

    public void Append(byte[] line)
    {
        lock (_gate)
        {
            try
            {
                MakeRoom(line.Length + 1);
                var writer = WriterFor(line.Length + 1);
                // One write, so that a reader never sees half a line of a living process.
                var whole = new byte[line.Length + 1];
                line.CopyTo(whole, 0);
                whole[^1] = (byte)'\n';
                writer.Write(whole);
                _segments[_segments.Keys.Last()] += whole.Length;
            }
            catch (IOException ex)
            {
                _dropped++;
                // Half a line may stand there now; the next event starts a new file.
                CloseWriter();
                SelfLog.WriteLine("An event for Seq cannot be buffered in {0}: {1}", _folder, ex.Message);
            }
        }
    }

    public EventBatch Peek(int countMax)
    {
        lock (_gate)
        {
            while (_segments.Keys.FirstOrDefault(number => number >= _bookmark.Segment, -1) is var segment and >= 0)
            {
                var offset = segment == _bookmark.Segment ? _bookmark.Offset : 0;
                var batch = ReadLines(segment, offset, countMax);
                if (batch.Lines.Count > 0)
                    return batch;
                if (batch.End.Offset > offset)
                {
                    // Only damaged lines; what follows may be whole.
                    WriteBookmark(batch.End);
                    continue;
                }

                if (_writer is not null && segment == _segments.Keys.Last())
                    return batch;

                // Read to its end, and nobody writes to it any more.
                if (_segments[segment] > offset)
                    SelfLog.WriteLine(
                        "The Seq buffer {0} ends in half a line of {1} bytes, which is left out.", PathOf(segment),
                        _segments[segment] - offset);
                DeleteSegment(segment);
                WriteBookmark(new(segment + 1, 0));
            }

            return new([], _bookmark);
        }
    }

    public void Advance(EventBatch batch)
    {
        lock (_gate)
            WriteBookmark(batch.End);
    }

    public long TakeDropped()
    {
        lock (_gate)
        {
            var dropped = _dropped;
            _dropped = 0;
            return dropped;
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            CloseWriter();
            _lock.Dispose();
        }
    }

    /// <summary>Drops the oldest file, and counts its unsent events, until the line fits under the limit.</summary>
    void MakeRoom(int bytes)
    {
        while (_bytesMax is { } max && _segments.Count > 0 && _segments.Values.Sum() + bytes > max)
        {
            var oldest = _segments.Keys.First();
            if (_segments.Count == 1)
                CloseWriter();
            var from = oldest == _bookmark.Segment ? _bookmark.Offset : 0;
            if (oldest >= _bookmark.Segment)
                _dropped += CountLines(oldest, from);
            DeleteSegment(oldest);
            if (_bookmark.Segment <= oldest)
                WriteBookmark(new(oldest + 1, 0));
        }
    }

    FileStream WriterFor(int bytes)
    {
        if (_writer is not null && _segments[_segments.Keys.Last()] + bytes > _segmentBytes)
            CloseWriter();
        if (_writer is not null)
            return _writer;

        var number = Math.Max(_segments.Keys.LastOrDefault(), _bookmark.Segment) + 1;
        _writer = new FileStream(PathOf(number), FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 0);
        _segments[number] = 0;
        return _writer;
    }

    void CloseWriter()
    {
        _writer?.Dispose();
        _writer = null;
    }

    EventBatch ReadLines(long segment, long offset, int countMax)
    {
        var lines = new List<ReadOnlyMemory<byte>>();
        var content = ReadFrom(segment, offset);
        var start = 0;
        while (lines.Count < countMax)
        {
            var length = content.AsSpan(start).IndexOf((byte)'\n');
            if (length < 0 || (lines.Count > 0 && start + length > EventBatch.BytesMax))
                break;
            var line = content.AsMemory(start, length);
            if (LooksWhole(line.Span))
                lines.Add(line);
            else
                SelfLog.WriteLine("A damaged line of {0} bytes in the Seq buffer {1} is left out.", length, PathOf(segment));
            start += length + 1;
        }

        return new(lines, new(segment, offset + start));
    }

    /// <summary>Enough for a batch, and always for one whole line.</summary>
    byte[] ReadFrom(long segment, long offset)
    {
        using var file = new FileStream(
            PathOf(segment), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        if (offset >= file.Length)
            return [];

        file.Position = offset;
        for (var size = (long)EventBatch.BytesMax; ; size *= 2)
        {
            var content = new byte[Math.Min(size, file.Length - offset)];
            file.Position = offset;
            file.ReadExactly(content);
            if (content.AsSpan().IndexOf((byte)'\n') >= 0 || content.Length < size)
                return content;
        }
    }

    int CountLines(long segment, long offset) => ReadAll(segment).AsSpan((int)Math.Min(offset, _segments[segment])).Count((byte)'\n');

    byte[] ReadAll(long segment) => File.ReadAllBytes(PathOf(segment));

    static bool LooksWhole(ReadOnlySpan<byte> line) => line is [(byte)'{', .., (byte)'}'];

    void DeleteSegment(long segment)
    {
        File.Delete(PathOf(segment));
        _segments.Remove(segment);
    }

    BufferPosition ReadBookmark()
    {
        var path = Path.Combine(_folder, $"{_name}.bookmark");
        if (File.Exists(path)
            && File.ReadAllText(path).Split(' ') is [var segment, var offset]
            && long.TryParse(segment, CultureInfo.InvariantCulture, out var number)
            && long.TryParse(offset, CultureInfo.InvariantCulture, out var bytes))
        {
            return new(number, bytes);
        }

        // Without a readable bookmark everything is sent again: twice is better than never.
        return new(0, 0);
    }

    void WriteBookmark(BufferPosition position)
    {
        _bookmark = position;
        var path = Path.Combine(_folder, $"{_name}.bookmark");
        File.WriteAllText($"{path}.new", string.Create(CultureInfo.InvariantCulture, $"{position.Segment} {position.Offset}"));
        File.Move($"{path}.new", path, overwrite: true);
    }

    string PathOf(long segment) => Path.Combine(_folder, string.Create(CultureInfo.InvariantCulture, $"{_name}-{segment:D8}.clef"));
}
