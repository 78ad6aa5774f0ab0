namespace Maintenance.Jobs.Attempts.Posix;

/// <summary>
/// Memory of this process and of every script may hold secrets, so neither may be written to a file when it crashes. A limit of 1 byte,
/// not 0: the kernel still starts a program that takes dumps (systemd-coredump, apport) at 0, and not at 1. Inherited by all that is
/// started.
/// </summary>
static class CoreDumps
{
    public static unsafe void Forbid()
    {
        var limits = stackalloc ulong[] { 1, 1 };
        // Lowering a limit is always permitted, except that one of 0 is lower already.
        _ = Native.SetResourceLimit(Native.RLIMIT_CORE, limits);
    }
}
