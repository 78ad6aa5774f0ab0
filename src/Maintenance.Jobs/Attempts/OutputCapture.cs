using System.Text;
using Maintenance.Jobs.Attempts.Posix;

namespace Maintenance.Jobs.Attempts;

/// <summary>
/// Keeps a script's output within its limit. The script appends to a file; when that grows beyond the limit the middle is punched out,
/// which frees the space and leaves order and positions as they are. What is taken in is the head and the tail with a line about the cut.
/// </summary>
sealed class OutputCapture(string file, int bytesMax)
{
    const int BlockSize = 4096;

    long _punchedTo;

    int HeadBytes => Math.Max(bytesMax / 4, 1);

    int TailBytes => Math.Max(bytesMax - HeadBytes, 1);

    public long Length => File.Exists(file) ? new FileInfo(file).Length : 0;

    /// <summary>
    /// Called now and then while the script runs. File systems without holes keep the bytes; only disk space is lost by that.
    /// </summary>
    public void FreeMiddle()
    {
        // A whole limit more than is kept, so that a script that writes on and on costs few calls.
        var start = Math.Max(RoundUp(HeadBytes), _punchedTo);
        var end = (Length - TailBytes) / BlockSize * BlockSize;
        if (end - start < bytesMax)
            return;
        using var handle = File.OpenHandle(file, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        if (Native.Fallocate(
            (int)handle.DangerousGetHandle(), Native.FALLOC_FL_PUNCH_HOLE | Native.FALLOC_FL_KEEP_SIZE, start, end - start) == 0)
            _punchedTo = end;
    }

    public string Read(Redactor redactor)
    {
        var length = Length;
        if (length == 0)
            return "";
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        if (length <= bytesMax)
            return redactor.Redact(ReadText(stream, 0, (int)length));
        var head = redactor.RedactHead(ReadText(stream, 0, HeadBytes));
        var tail = redactor.RedactTail(ReadText(stream, length - TailBytes, TailBytes));
        return $"{head}\n[... {length - HeadBytes - TailBytes} bytes of {length} cut here; the limit is {bytesMax} bytes ...]\n{tail}";
    }

    static string ReadText(FileStream stream, long from, int count)
    {
        stream.Position = from;
        var bytes = new byte[count];
        var read = stream.ReadAtLeast(bytes, count, throwOnEndOfStream: false);
        // Bytes that are no UTF-8 become replacement characters; NUL is not allowed in Postgres text.
        return Encoding.UTF8.GetString(bytes, 0, read).Replace('\0', '\uFFFD');
    }

    static long RoundUp(long bytes) => (bytes + BlockSize - 1) / BlockSize * BlockSize;
}
