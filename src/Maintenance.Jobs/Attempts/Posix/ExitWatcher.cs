using System.Collections.Concurrent;
using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Maintenance.Jobs.Attempts.Posix;

/// <summary>
/// Waits for the end of any process, child or adopted, through pidfds on one epoll and one thread. A pidfd names the process itself, so
/// a process id that is used again cannot be mistaken for it. Children of ours are reaped here.
/// </summary>
sealed class ExitWatcher : IDisposable
{
    const int EventsMax = 64;
    const int NoTimeout = -1;

    // struct epoll_event is packed on x86-64 only.
    static readonly int _dataOffset = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 4 : 8;
    static readonly int _eventSize = _dataOffset + 8;

    readonly ConcurrentDictionary<int, Watch> _watches = new();
    readonly ConcurrentDictionary<int, bool> _unwatched = new();
    readonly int _epoll;
    readonly int _wake;
    readonly Thread _thread;
    volatile bool _stopping;

    public ExitWatcher()
    {
        _epoll = Native.EpollCreate(Native.EPOLL_CLOEXEC);
        if (_epoll < 0)
            throw new Win32Exception(Marshal.GetLastPInvokeError(), "No epoll could be made, so the end of scripts could not be noticed.");
        _wake = Native.EventFd(0, Native.EPOLL_CLOEXEC);
        Add(_wake);
        _thread = new Thread(Loop) { IsBackground = true, Name = "attempt exits" };
        _thread.Start();
    }

    /// <summary>
    /// Completes when the process has ended; at once when it is gone already. The value is the raw wait status of a child of ours, else
    /// null.
    /// </summary>
    public Task<int?> WhenExited(ProcessIdentity process)
    {
        ReapUnwatched();
        var fd = (int)Native.Syscall(Native.SYS_pidfd_open, process.Pid, 0);
        if (fd < 0)
        {
            var errno = Marshal.GetLastPInvokeError();
            if (errno == Native.ESRCH)
                return Task.FromResult<int?>(null);
            ReapLater(process.Pid);
            throw new Win32Exception(
                errno, $"Process {process.Pid} cannot be watched (pidfd_open, {Errno.Name(errno)}); Linux 5.3 or newer is needed.");
        }

        var watched = false;
        try
        {
            // Now that the descriptor is bound to whoever has the number, check that it is the one that was meant.
            if (ProcessStat.Read(process.Pid) is not { } stat || stat.StartTicks != process.StartTicks)
                return Task.FromResult<int?>(null);
            var watch = new Watch(process.Pid, new TaskCompletionSource<int?>(TaskCreationOptions.RunContinuationsAsynchronously));
            _watches[fd] = watch;
            Add(fd);
            watched = true;
            return watch.Exited.Task;
        }
        catch
        {
            ReapLater(process.Pid);
            throw;
        }
        finally
        {
            if (!watched)
            {
                _watches.TryRemove(fd, out _);
                _ = Native.Close(fd);
            }
        }
    }

    /// <summary>A child that cannot be watched, because there is no descriptor for it, would stay as a zombie.</summary>
    public void ReapLater(int pid) => _unwatched[pid] = true;

    void ReapUnwatched()
    {
        foreach (var pid in _unwatched.Keys)
        {
            // Not 0: it has ended, or it is no child of ours.
            if (Native.WaitPid(pid, out _, Native.WNOHANG) != 0)
                _unwatched.TryRemove(pid, out _);
        }
    }

    unsafe void Add(int fd)
    {
        var data = stackalloc byte[16];
        *(uint*)data = Native.EPOLLIN;
        *(long*)(data + _dataOffset) = fd;
        if (Native.EpollControl(_epoll, Native.EPOLL_CTL_ADD, fd, data) != 0)
            throw new Win32Exception(Marshal.GetLastPInvokeError(), "A script's end cannot be watched.");
    }

    /// <summary>
    /// Closing alone is not enough: a child that another thread has just made still holds a copy until it executes its program, so the
    /// event would come again, under a number that may be another process's by then.
    /// </summary>
    unsafe void Remove(int fd)
    {
        var unused = stackalloc byte[16];
        _ = Native.EpollControl(_epoll, Native.EPOLL_CTL_DEL, fd, unused);
    }

    unsafe void Loop()
    {
        var events = stackalloc byte[EventsMax * 16];
        while (!_stopping)
        {
            var count = Native.EpollWait(_epoll, events, EventsMax, NoTimeout);
            for (var i = 0; i < count; i++)
                Complete((int)*(long*)(events + (i * _eventSize) + _dataOffset));
        }
    }

    void Complete(int fd)
    {
        if (!_watches.TryRemove(fd, out var watch))
            return;
        Remove(fd);
        _ = Native.Close(fd);
        _unwatched.TryRemove(watch.Pid, out _);
        var reaped = Native.WaitPid(watch.Pid, out var status, Native.WNOHANG) == watch.Pid;
        watch.Exited.SetResult(reaped ? status : null);
        ReapUnwatched();
    }

    public void Dispose()
    {
        _stopping = true;
        _ = Native.EventFdWrite(_wake, 1);
        _thread.Join();
        _ = Native.Close(_wake);
        _ = Native.Close(_epoll);
        foreach (var (fd, watch) in _watches)
        {
            _ = Native.Close(fd);
            watch.Exited.TrySetCanceled();
        }
    }

    sealed record Watch(int Pid, TaskCompletionSource<int?> Exited);
}
