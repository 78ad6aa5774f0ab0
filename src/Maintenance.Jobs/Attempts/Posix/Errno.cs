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
        12 => "ENOMEM",
        20 => "ENOTDIR",
        23 => "ENFILE",
        30 => "EROFS",
        _ => $"errno {errno}",
    };

    /// <summary>True for a lack that passes by itself: the host was out of processes, memory, descriptors or space.</summary>
    public static bool IsPassing(int errno) => errno is Native.EAGAIN or 12 or 23 or Native.EMFILE or Native.ETXTBSY or Native.ENOSPC;
}
