using Microsoft.Extensions.Logging.Abstractions;

namespace Temporal.Engine.Tests;

public sealed class TimerQueueTests
{
    sealed class Timed : ITimed
    {
        public int HeapIndex { get; set; } = -1;

        public DateTime Due { get; set; }

        public void Fire(EngineTransaction tx) => throw new InvalidOperationException("Not fired in these tests.");
    }

    static readonly DateTime Start = new(2026, 3, 1, 0, 0, 0, DateTimeKind.Utc);

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(42)]
    public void The_next_due_time_is_the_earliest_whatever_was_moved_or_removed(int seed)
    {
        var random = new Random(seed);
        var queue = new TimerQueue(TimeProvider.System, NullLogger.Instance);
        var all = Enumerable.Range(0, 200).Select(_ => new Timed()).ToList();
        var due = new Dictionary<Timed, DateTime>();

        for (var step = 0; step < 5000; step++)
        {
            var one = all[random.Next(all.Count)];
            if (random.Next(3) == 0)
            {
                queue.Remove(one);
                due.Remove(one);
            }
            else
            {
                var time = Start.AddSeconds(random.Next(1000));
                queue.Set(one, time);
                due[one] = time;
            }

            Assert.Equal(due.Count == 0 ? null : due.Values.Min(), queue.NextDue);
        }
    }
}
