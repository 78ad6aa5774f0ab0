using System.Buffers;
using System.Runtime.InteropServices;

namespace Maintenance.Jobs.Attempts.Posix;

/// <summary>
/// Reads files of /proc with three system calls each. The end of every attempt looks at dozens of them, and a stream makes more calls to
/// open one than it takes to read it.
/// </summary>
static class ProcFile
{
    /// <summary>The files have no size to ask for; this is more than any stat line has.</summary>
    public const int StatBytesMax = 1024;

    /// <summary>How many bytes were read: all of them, or as many as fit. Null when there is no such process (any more), or it is closed to us.</summary>
    /// <exception cref="IOException">It cannot be told, as when this process has no free descriptor: that is not the same as being gone.</exception>
    public static unsafe int? Read(int pid, ReadOnlySpan<byte> name, Span<byte> buffer)
    {
        Span<byte> path = stackalloc byte[64];
        var length = 0;
        Append("/proc/"u8, path, ref length);
        pid.TryFormat(path[length..], out var digits);
        length += digits;
        Append("/"u8, path, ref length);
        Append(name, path, ref length);
        path[length] = 0;
        fixed (byte* terminated = path)
        {
            var file = Native.Open(terminated, Native.O_RDONLY | Native.O_CLOEXEC);
            if (file < 0)
                return Nothing(Marshal.GetLastPInvokeError(), pid);
            try
            {
                return ReadAll(file, pid, buffer);
            }
            finally
            {
                _ = Native.Close(file);
            }
        }
    }

    /// <summary>The same for a file of any length.</summary>
    public static byte[]? ReadWhole(int pid, ReadOnlySpan<byte> name)
    {
        for (var size = 8 * 1024; ; size *= 4)
        {
            var buffer = ArrayPool<byte>.Shared.Rent(size);
            try
            {
                if (Read(pid, name, buffer) is not { } length)
                    return null;
                if (length < buffer.Length)
                    return buffer[..length];
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }
    }

    static unsafe int? ReadAll(int file, int pid, Span<byte> buffer)
    {
        var read = 0;
        while (read < buffer.Length)
        {
            nint more;
            fixed (byte* start = buffer[read..])
                more = Native.Read(file, start, (nuint)(buffer.Length - read));
            var errno = more < 0 ? Marshal.GetLastPInvokeError() : 0;
            if (errno == Native.EINTR)
                continue;
            if (errno != 0)
                return Nothing(errno, pid);
            if (more == 0)
                break;
            read += (int)more;
        }

        return read;
    }

    static int? Nothing(int errno, int pid) => errno is Native.ENOENT or Native.ESRCH or Native.EACCES or Native.EPERM
        ? null
        : throw new IOException($"/proc/{pid} could not be looked at: {Errno.Name(errno)}", errno);

    static void Append(ReadOnlySpan<byte> part, Span<byte> path, ref int length)
    {
        part.CopyTo(path[length..]);
        length += part.Length;
    }
}
