using Maintenance.Schedules;

namespace Maintenance.Jobs.Definition;

/// <summary>Reads the member <c>limits</c> of a step.</summary>
static class LimitsReader
{
    const int CpusMax = 1024;
    const int ProcessesMax = 1_000_000;
    const int FilesMin = 16;
    const int FilesMax = 1_048_576;
    public const int NiceMax = 19;
    static readonly long _memoryMin = 16L << 20;

    public static StepLimits? Read(ObjectReader step, ProblemList problems)
    {
        if (step.Object("limits") is not { } limits)
            return null;
        var read = new StepLimits
        {
            MemoryBytes = ReadMemory(limits, problems),
            CpuTime = limits.Duration("cpuTime", min: TimeSpan.FromSeconds(1)),
            Cpus = limits.Number("cpus", 0.01, CpusMax),
            Processes = limits.Int("processes", 1, ProcessesMax),
            Files = limits.Int("files", FilesMin, FilesMax),
            Nice = limits.Int("nice", 0, NiceMax),
        };
        limits.Close();
        return read;
    }

    static long? ReadMemory(ObjectReader limits, ProblemList problems)
    {
        if (limits.Value("memory") is not { } node)
            return null;
        if (node.Kind != NodeKind.String || ByteSizes.Parse(node.Text) is not { } bytes)
        {
            problems.Add(node, JobCodes.BadSize, $"Expected an amount of memory, found {node.Describe()}.", ByteSizes.Example);
            return null;
        }

        if (bytes >= _memoryMin)
            return bytes;
        problems.Add(node, ReadingCodes.OutOfRange, $"'{node.Text}' is too little for an interpreter; at least 16MiB are needed.");
        return null;
    }
}
