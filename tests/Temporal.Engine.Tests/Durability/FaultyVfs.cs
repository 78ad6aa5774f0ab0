using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Temporal.Engine.Tests.Durability;

/// <summary>
/// SQLite's own file layer with a hand on four of its calls: write, truncate, sync and delete. It is the default for the whole
/// process and leaves every file alone that is not on a <see cref="FaultyDisk"/>. So the engine under test runs exactly the
/// code that it runs in production, down to the system calls.
/// </summary>
static unsafe partial class FaultyVfs
{
    // Places in SQLite's structs sqlite3_vfs and sqlite3_io_methods, in pointers.
    const int VfsPointers = 21;
    const int VfsName = 3;
    const int VfsOpen = 5;
    const int VfsDelete = 6;
    const int MethodsPointers = 19;
    const int MethodsClose = 1;
    const int MethodsWrite = 3;
    const int MethodsTruncate = 4;
    const int MethodsSync = 5;

    static readonly ConcurrentDictionary<nint, OpenFile> Files = new();
    static readonly ConcurrentDictionary<string, FaultyDisk> Disks = new();
    static readonly ConcurrentDictionary<nint, nint> Replaced = new();
    static readonly nint* Original = Install();

    sealed record OpenFile(FaultyDisk Disk, string Path, nint Methods);

    public static void Add(FaultyDisk disk)
    {
        // The first use installs the layer.
        Assert.True(Original != null);
        Disks[disk.Folder] = disk;
    }

    public static void Remove(FaultyDisk disk) => Disks.TryRemove(disk.Folder, out _);

    static nint* Install()
    {
        // Loads and starts the library.
        using (var connection = new Microsoft.Data.Sqlite.SqliteConnection("Data Source=:memory:"))
            connection.Open();
        var original = (nint*)Find(null);
        var copy = (nint*)NativeMemory.AllocZeroed(VfsPointers, (nuint)sizeof(nint));
        new Span<nint>(original, VfsPointers).CopyTo(new(copy, VfsPointers));
        copy[VfsName] = Marshal.StringToCoTaskMemUTF8("faulty");
        copy[VfsOpen] = (nint)(delegate* unmanaged[Cdecl]<nint, byte*, nint*, int, int*, int>)&Open;
        copy[VfsDelete] = (nint)(delegate* unmanaged[Cdecl]<nint, byte*, int, int>)&Delete;
        Assert.Equal(0, Register((nint)copy, makeDefault: 1));
        return original;
    }

    static FaultyDisk? DiskOf(string? path) =>
        path is not null && Path.GetDirectoryName(path) is { } folder ? Disks.GetValueOrDefault(folder) : null;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    static int Open(nint vfs, byte* name, nint* file, int flags, int* flagsOut)
    {
        var path = name == null ? null : Marshal.PtrToStringUTF8((nint)name);
        var disk = DiskOf(path);
        if (disk is not null && disk.OnOpen(path!) is var refused and not 0)
        {
            *file = 0;
            return refused;
        }

        var code = ((delegate* unmanaged[Cdecl]<nint, byte*, nint*, int, int*, int>)Original[VfsOpen])((nint)Original, name, file, flags, flagsOut);
        if (code == 0 && disk is not null && *file != 0)
        {
            // The file keeps its own state; only its table of functions is another one.
            Files[(nint)file] = new(disk, path!, *file);
            *file = Replaced.GetOrAdd(*file, Replace);
        }

        return code;
    }

    static nint Replace(nint methods)
    {
        var copy = (nint*)NativeMemory.AllocZeroed(MethodsPointers, (nuint)sizeof(nint));
        new Span<nint>((nint*)methods, MethodsPointers).CopyTo(new(copy, MethodsPointers));
        copy[MethodsClose] = (nint)(delegate* unmanaged[Cdecl]<nint*, int>)&Close;
        copy[MethodsWrite] = (nint)(delegate* unmanaged[Cdecl]<nint*, byte*, int, long, int>)&Write;
        copy[MethodsTruncate] = (nint)(delegate* unmanaged[Cdecl]<nint*, long, int>)&Truncate;
        copy[MethodsSync] = (nint)(delegate* unmanaged[Cdecl]<nint*, int, int>)&Sync;
        return (nint)copy;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    static int Close(nint* file)
    {
        Files.TryRemove((nint)file, out var open);
        return ((delegate* unmanaged[Cdecl]<nint*, int>)((nint*)open!.Methods)[MethodsClose])(file);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    static int Write(nint* file, byte* data, int length, long offset)
    {
        var open = Files[(nint)file];
        var (code, part) = open.Disk.OnWrite(open.Path, new(data, length), offset);
        if (part > 0)
        {
            var written = ((delegate* unmanaged[Cdecl]<nint*, byte*, int, long, int>)((nint*)open.Methods)[MethodsWrite])(file, data, part, offset);
            return code != 0 ? code : written;
        }

        return code;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    static int Truncate(nint* file, long size)
    {
        var open = Files[(nint)file];
        var code = open.Disk.OnTruncate(open.Path, size);
        return code != 0 ? code : ((delegate* unmanaged[Cdecl]<nint*, long, int>)((nint*)open.Methods)[MethodsTruncate])(file, size);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    static int Sync(nint* file, int flags)
    {
        var open = Files[(nint)file];
        var code = open.Disk.OnSync(open.Path);
        return code != 0 ? code : ((delegate* unmanaged[Cdecl]<nint*, int, int>)((nint*)open.Methods)[MethodsSync])(file, flags);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    static int Delete(nint vfs, byte* name, int syncFolder)
    {
        var path = Marshal.PtrToStringUTF8((nint)name);
        var code = DiskOf(path)?.OnDelete(path!) ?? 0;
        return code != 0 ? code : ((delegate* unmanaged[Cdecl]<nint, byte*, int, int>)Original[VfsDelete])((nint)Original, name, syncFolder);
    }

    [LibraryImport("e_sqlite3", EntryPoint = "sqlite3_vfs_find", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint Find(string? name);

    [LibraryImport("e_sqlite3", EntryPoint = "sqlite3_vfs_register")]
    private static partial int Register(nint vfs, int makeDefault);
}
