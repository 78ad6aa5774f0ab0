using System.ComponentModel;
using Maintenance.Jobs.Attempts.Posix;

namespace Maintenance.Jobs.Attempts;

/// <summary>
/// The host had no descriptor, process, memory or space for what was to be done about an attempt. What was begun stands in the attempt's
/// folder, so asking for the same attempt again goes on from there.
/// </summary>
public sealed class HostShortageException : Exception
{
    HostShortageException(string error, Exception cause)
        : base(
            $"The host had no room for the runner's work ({error}): {cause.Message} It is tried again; look at the limits of the worker's "
                + "service.",
            cause) =>
        Error = error;

    /// <summary>The system's name: EMFILE, EAGAIN, ENOMEM…</summary>
    public string Error { get; }

    /// <summary>Null when it is another trouble, which does not pass by itself.</summary>
    internal static HostShortageException? Of(Exception problem)
    {
        var errno = problem switch { IOException io => Errno.Of(io), Win32Exception call => call.NativeErrorCode, _ => 0 };
        return Errno.IsPassing(errno) ? new(Errno.Name(errno), problem) : null;
    }
}
