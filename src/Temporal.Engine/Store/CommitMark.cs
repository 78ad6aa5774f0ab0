using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;

namespace Temporal.Engine;

/// <summary>
/// The number of the last commit, in a small file beside the database, written after each commit and never before. A database
/// that knows fewer commits has lost the end of its log: SQLite itself takes a log that was cut off, or is gone, for one that
/// ends there. Needs no fsync: after a power loss the mark may be older than the database, and never newer.
/// </summary>
sealed class CommitMark : IDisposable
{
    const int Length = 12;
    const string FileName = "engine.mark";

    readonly SafeFileHandle _file;

    public CommitMark(string dataDirectory)
    {
        _file = File.OpenHandle(PathIn(dataDirectory), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite);
    }

    public static string PathIn(string dataDirectory) => Path.Combine(dataDirectory, FileName);

    /// <summary>0 when there is none, or when it was torn.</summary>
    public static long Read(string dataDirectory)
    {
        try
        {
            var content = File.ReadAllBytes(PathIn(dataDirectory));
            return content.Length == Length
                && BinaryPrimitives.ReadUInt32LittleEndian(content.AsSpan(8)) == Checksum.Of(content.AsSpan(0, 8))
                ? BinaryPrimitives.ReadInt64LittleEndian(content)
                : 0;
        }
        catch (FileNotFoundException)
        {
            return 0;
        }
    }

    public void Write(long commits)
    {
        Span<byte> content = stackalloc byte[Length];
        BinaryPrimitives.WriteInt64LittleEndian(content, commits);
        BinaryPrimitives.WriteUInt32LittleEndian(content[8..], Checksum.Of(content[..8]));
        RandomAccess.Write(_file, content, 0);
    }

    public void Dispose() => _file.Dispose();
}
