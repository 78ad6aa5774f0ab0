using System.Globalization;

namespace Temporalio.Worker.Tasks;

/// <summary>How long threads have waited for a processor, as Linux counts it. Elsewhere nothing is known.</summary>
static class ThreadRunDelay
{
    [ThreadStatic]
    static int _threadId;

    /// <summary>The kernel's id of this thread; 0 when it is not known.</summary>
    public static int CurrentThreadId => _threadId != 0 ? _threadId : _threadId = Read();

    /// <summary>The time since the thread began in which it could have run but had no processor; null when not known.</summary>
    public static TimeSpan? Of(int threadId)
    {
        try
        {
            // Nanoseconds on a processor, nanoseconds waiting for one, number of turns.
            var fields = File.ReadAllText($"/proc/self/task/{threadId}/schedstat").Split(' ');
            return TimeSpan.FromMicroseconds(long.Parse(fields[1], CultureInfo.InvariantCulture) / 1000);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or FormatException or IndexOutOfRangeException)
        {
            return null;
        }
    }

    static int Read()
    {
        try
        {
            // A link to PID/task/TID.
            var target = new FileInfo("/proc/thread-self").LinkTarget;
            return int.TryParse(Path.GetFileName(target), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : 0;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }
}
