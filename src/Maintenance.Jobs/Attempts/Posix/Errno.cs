namespace Maintenance.Jobs.Attempts.Posix;

/// <summary>Names and sentences for the errors that keep a script from starting.</summary>
static class Errno
{
    public static string Name(int errno) => errno switch
    {
        Native.ENOENT => "ENOENT",
        Native.EACCES => "EACCES",
        Native.EPERM => "EPERM",
        Native.E2BIG => "E2BIG",
        Native.EAGAIN => "EAGAIN",
        Native.EMFILE => "EMFILE",
        Native.ETXTBSY => "ETXTBSY",
        Native.ENOSPC => "ENOSPC",
        ENOEXEC => "ENOEXEC",
        ENOMEM => "ENOMEM",
        20 => "ENOTDIR",
        23 => "ENFILE",
        30 => "EROFS",
        _ => $"errno {errno}",
    };

    /// <summary>The number behind an exception of the file system; 0 when it has none.</summary>
    public static int Of(IOException refused) => refused.HResult is > 0 and < 200 ? refused.HResult : 0;

    /// <summary>What a shell that could not execute its command said, in the C locale; ENOEXEC for anything else.</summary>
    public static int OfMessage(string said)
    {
        foreach (var (words, errno) in _messages)
        {
            if (said.Contains(words, StringComparison.OrdinalIgnoreCase))
                return errno;
        }

        return ENOEXEC;
    }

    const int ENOEXEC = 8;
    const int ENOMEM = 12;

    static readonly (string Words, int Errno)[] _messages =
    [
        ("Text file busy", Native.ETXTBSY),
        ("Argument list too long", Native.E2BIG),
        ("Resource temporarily unavailable", Native.EAGAIN),
        ("Cannot allocate memory", ENOMEM),
        ("Too many open files", Native.EMFILE),
        ("Permission denied", Native.EACCES),
        ("not found", Native.ENOENT),
        ("No such file", Native.ENOENT),
        ("Operation not permitted", Native.EPERM),
    ];

    /// <summary>True for a lack that passes by itself: the host was out of processes, memory, descriptors or space.</summary>
    public static bool IsPassing(int errno) => errno is Native.EAGAIN or ENOMEM or 23 or Native.EMFILE or Native.ETXTBSY or Native.ENOSPC;
}
