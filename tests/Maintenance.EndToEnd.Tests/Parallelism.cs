// Most of a test here is waiting: for another process, for a retry's pause, for the next second of a schedule.
[assembly: CollectionBehavior(MaxParallelThreads = 4)]
