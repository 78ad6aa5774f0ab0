namespace Temporal.Engine.Tests.Durability;

/// <summary>
/// The disk under one folder. Counts every write, truncation, sync and deletion of SQLite's files in it, can stop at one of
/// them as a killed process does, run full, fail to sync, and say what would be left after a power loss.
/// </summary>
sealed class FaultyDisk : IDisposable
{
    // SQLite's result codes.
    const int IoError = 10;
    const int Full = 13;
    const int FsyncFailed = 1034;
    const int SectorSize = 512;

    readonly Lock _gate = new();
    readonly Dictionary<string, FileOnDisk> _files = [];

    public FaultyDisk(string folder)
    {
        Folder = folder;
        FaultyVfs.Add(this);
    }

    public string Folder { get; }

    /// <summary>How many operations there were so far.</summary>
    public int Operations { get; private set; }

    /// <summary>The process dies in the operation with this number: from then on nothing reaches a file.</summary>
    public int DiesAt { get; set; } = int.MaxValue;

    /// <summary>The deadly write has reached the file in part.</summary>
    public bool TearsLastWrite { get; set; }

    public bool IsFull { get; set; }

    /// <summary>Which files fail to sync: the end of their name.</summary>
    public string? FailsToSync { get; set; }

    public bool IsDead => Operations >= DiesAt;

    public int OnOpen(string path)
    {
        lock (_gate)
        {
            if (IsDead)
                return IoError;
            if (!_files.ContainsKey(path))
                _files[path] = new(File.Exists(path) ? File.ReadAllBytes(path) : null);
            return 0;
        }
    }

    /// <summary>SQLite's code for it, and how many bytes of it reach the file.</summary>
    public (int Code, int Part) OnWrite(string path, ReadOnlySpan<byte> data, long offset)
    {
        lock (_gate)
        {
            if (IsFull && !IsDead)
                return (Full, 0);
            if (Dies())
            {
                var part = TearsLastWrite && Operations == DiesAt ? data.Length / 2 : 0;
                return (IoError, part);
            }

            _files[path].Pending.Add(new(offset, data.ToArray()));
            return (0, data.Length);
        }
    }

    public int OnTruncate(string path, long size)
    {
        lock (_gate)
        {
            if (Dies())
                return IoError;
            _files[path].Pending.Add(new(size, null));
            return 0;
        }
    }

    public int OnSync(string path)
    {
        lock (_gate)
        {
            if (Dies())
                return IoError;
            if (FailsToSync is { } name && path.EndsWith(name, StringComparison.Ordinal))
                return FsyncFailed;
            _files[path].Sync();
            return 0;
        }
    }

    public int OnDelete(string path)
    {
        lock (_gate)
        {
            if (Dies())
                return IoError;
            _files.Remove(path);
            return 0;
        }
    }

    bool Dies()
    {
        if (!IsDead)
            Operations++;
        return IsDead;
    }

    /// <summary>What the kernel has when the process is gone: the files as they are. Gives the folder of the copy.</summary>
    public string LeftByKill()
    {
        lock (_gate)
            return CopyOf((path, to) => File.Copy(path, to));
    }

    /// <summary>What the disk has when the power is gone: all that was synced, and any part of the rest, sector by sector.</summary>
    public string LeftByPowerLoss(Random random)
    {
        lock (_gate)
        {
            return CopyOf((path, to) =>
            {
                if (!_files.TryGetValue(path, out var file))
                    File.Copy(path, to);
                else if (file.AfterPowerLoss(random) is { } content)
                    File.WriteAllBytes(to, content);
            });
        }
    }

    // Not the lock, which the dead process no longer holds, and not the index of the log, which is memory.
    string CopyOf(Action<string, string> copy)
    {
        var target = Directory.CreateTempSubdirectory("engine-left-").FullName;
        foreach (var path in Directory.EnumerateFiles(Folder))
        {
            if (!path.EndsWith(".lock", StringComparison.Ordinal) && !path.EndsWith("-shm", StringComparison.Ordinal))
                copy(path, Path.Combine(target, Path.GetFileName(path)));
        }

        return target;
    }

    public void Dispose() => FaultyVfs.Remove(this);

    /// <summary>A write, or with null data a truncation to this offset.</summary>
    sealed record Change(long Offset, byte[]? Data);

    sealed class FileOnDisk(byte[]? content)
    {
        byte[]? _durable = content;

        public List<Change> Pending { get; } = [];

        public void Sync()
        {
            _durable = Pending.Aggregate(_durable ?? [], (content, change) => Apply(content, change, null));
            Pending.Clear();
        }

        public byte[]? AfterPowerLoss(Random random)
        {
            // A file whose first sync has not come may not have a name yet.
            if (_durable is null && random.Next(2) == 0)
                return null;
            var keep = random.NextDouble();
            return Pending.Aggregate(_durable ?? [], (content, change) => Apply(content, change, _ => random.NextDouble() < keep));
        }

        static byte[] Apply(byte[] content, Change change, Func<int, bool>? survives)
        {
            if (change.Data is not { } data)
            {
                if (survives is null || survives(0))
                    Array.Resize(ref content, (int)change.Offset);
                return content;
            }

            for (var from = 0; from < data.Length; from += SectorSize)
            {
                var length = Math.Min(SectorSize, data.Length - from);
                if (survives is not null && !survives(from))
                    continue;
                if (content.Length < change.Offset + from + length)
                    Array.Resize(ref content, (int)(change.Offset + from + length));
                data.AsSpan(from, length).CopyTo(content.AsSpan((int)change.Offset + from));
            }

            return content;
        }
    }
}
