using System.Text;

namespace Maintenance.Jobs.Attempts.Posix;

/// <summary>
/// A program to start in a session of its own. Output goes to files, never to pipes: nothing blocks when the worker is gone.
/// </summary>
sealed record SpawnRequest(
    string Program,
    IReadOnlyList<string> Arguments,
    IReadOnlyDictionary<string, string> Environment,
    string OutputFile,
    string ErrorFile);

/// <summary>
/// What posix_spawn gives that .NET's Process does not: a new session, default signals, an empty environment, files as output.
/// </summary>
static class Spawner
{
    const uint OwnerOnly = 0x180; // 0600

    /// <summary>Returns 0 and the process id, or the error number of the C library.</summary>
    public static unsafe int TryStart(SpawnRequest request, out int pid)
    {
        var attributes = stackalloc byte[Native.OpaqueSize];
        var actions = stackalloc byte[Native.OpaqueSize];
        var signals = stackalloc byte[Native.OpaqueSize];
        _ = Native.SpawnAttributesInit(attributes);
        _ = Native.FileActionsInit(actions);
        using var argv = new TextVector([request.Program, .. request.Arguments]);
        using var envp = new TextVector([.. request.Environment.Select(e => $"{e.Key}={e.Value}")]);
        try
        {
            // The runtime ignores SIGPIPE and ignored signals are inherited: a script's "| head" would then never end.
            _ = Native.SignalSetFill(signals);
            _ = Native.SpawnAttributesSetSignalDefaults(attributes, signals);
            _ = Native.SignalSetEmpty(signals);
            _ = Native.SpawnAttributesSetSignalMask(attributes, signals);
            _ = Native.SpawnAttributesSetFlags(
                attributes, Native.POSIX_SPAWN_SETSIGDEF | Native.POSIX_SPAWN_SETSIGMASK | Native.POSIX_SPAWN_SETSID);

            _ = Native.FileActionsAddOpen(actions, 0, "/dev/null", Native.O_RDONLY, 0);
            _ = Native.FileActionsAddOpen(actions, 1, request.OutputFile, Native.O_WRONLY | Native.O_CREAT | Native.O_APPEND, OwnerOnly);
            _ = Native.FileActionsAddOpen(actions, 2, request.ErrorFile, Native.O_WRONLY | Native.O_CREAT | Native.O_APPEND, OwnerOnly);
            return Native.PosixSpawn(out pid, request.Program, actions, attributes, argv.Pointer, envp.Pointer);
        }
        finally
        {
            _ = Native.FileActionsDestroy(actions);
            _ = Native.SpawnAttributesDestroy(attributes);
        }
    }

    /// <summary>Texts as the null-ended array of C strings that argv and envp are.</summary>
    sealed unsafe class TextVector : IDisposable
    {
        readonly byte** _pointers;
        readonly byte* _bytes;

        public TextVector(IReadOnlyList<string> texts)
        {
            var size = texts.Sum(t => Encoding.UTF8.GetByteCount(t) + 1);
            _bytes = (byte*)System.Runtime.InteropServices.NativeMemory.Alloc((nuint)Math.Max(size, 1));
            _pointers = (byte**)System.Runtime.InteropServices.NativeMemory.Alloc((nuint)((texts.Count + 1) * sizeof(byte*)));
            var at = _bytes;
            for (var i = 0; i < texts.Count; i++)
            {
                _pointers[i] = at;
                var length = Encoding.UTF8.GetByteCount(texts[i]);
                at += Encoding.UTF8.GetBytes(texts[i], new Span<byte>(at, length));
                *at++ = 0;
            }

            _pointers[texts.Count] = null;
        }

        public byte** Pointer => _pointers;

        public void Dispose()
        {
            System.Runtime.InteropServices.NativeMemory.Free(_bytes);
            System.Runtime.InteropServices.NativeMemory.Free(_pointers);
        }
    }
}
