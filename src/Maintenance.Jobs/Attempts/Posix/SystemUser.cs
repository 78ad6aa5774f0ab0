using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Maintenance.Jobs.Attempts.Posix;

/// <summary>A user of this host as the system knows it, also from a directory service.</summary>
sealed record SystemUser(string Name, uint Uid, uint Gid, string Home, string Shell)
{
    const int BufferSize = 16 * 1024;

    public static unsafe SystemUser? Find(string name)
    {
        var buffer = NativeMemory.Alloc(BufferSize);
        try
        {
            var errno = Native.GetUserByName(name, out var entry, buffer, BufferSize, out var found);
            if (errno is not (0 or Native.ENOENT or Native.ESRCH))
                throw new Win32Exception(errno, $"The user '{name}' cannot be looked up.");
            return found == null ? null : new SystemUser(Text(entry.Name), entry.Uid, entry.Gid, Text(entry.Home), Text(entry.Shell));
        }
        finally
        {
            NativeMemory.Free(buffer);
        }
    }

    static unsafe string Text(byte* text) => Marshal.PtrToStringUTF8((nint)text) ?? "";
}

/// <summary>struct passwd of Linux.</summary>
[StructLayout(LayoutKind.Sequential)]
unsafe struct PasswordEntry
{
    public byte* Name;
    public byte* Password;
    public uint Uid;
    public uint Gid;
    public byte* Comment;
    public byte* Home;
    public byte* Shell;
}
