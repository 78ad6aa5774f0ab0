using System.Globalization;
using Maintenance.Jobs.Definition;
using Maintenance.Schedules;

namespace Maintenance.Jobs.Attempts;

/// <summary>
/// How a step's limits are kept on this host: what goes into the cgroup, what the shell beside the script sets, what cannot be kept.
/// </summary>
sealed record HostLimits(IReadOnlyDictionary<string, string> CgroupFiles, string ShellWords, IReadOnlyList<string> Notes)
{
    public static readonly HostLimits None = new(new Dictionary<string, string>(), "", []);

    // Between the signal that says that the time is used up and the kill.
    static readonly TimeSpan _cpuGrace = TimeSpan.FromSeconds(5);

    // The supervisor, its clock and its subshell are in the same cgroup.
    const int OwnProcesses = 5;
    const int CpuPeriodMicroseconds = 100_000;

    /// <param name="limits">As the step declares them.</param>
    /// <param name="controllers">What the attempt's cgroup can limit: memory, pids, cpu; empty when there is no cgroup.</param>
    /// <param name="asRoot">Whether the script runs as root, whose processes the kernel does not count.</param>
    public static HostLimits Of(StepLimits? limits, IReadOnlySet<string> controllers, bool asRoot)
    {
        if (limits is null)
            return None;
        var (files, words, notes) = (new Dictionary<string, string>(), new List<string>(), new List<string>());
        if (limits.MemoryBytes is { } memory)
        {
            if (controllers.Contains("memory"))
                files["memory.max"] = Number(memory);
            else
            {
                words.Add($"-v={Number(memory >> 10)}");
                notes.Add("The memory limit held for each process, not for all together (no delegated cgroup).");
            }
        }

        if (limits.Processes is { } processes)
        {
            if (controllers.Contains("pids"))
                files["pids.max"] = Number(processes + OwnProcesses);
            else if (asRoot)
                notes.Add("The number of processes was not limited: that needs a delegated cgroup, or runAs.");
            else
            {
                words.Add($"{ProcessesOption}={Number(processes)}");
                notes.Add("The limit of processes held for all of the script's user (no delegated cgroup).");
            }
        }

        if (limits.Cpus is { } cpus)
        {
            if (controllers.Contains("cpu"))
                files["cpu.max"] = $"{Number((long)Math.Max(1000, cpus * CpuPeriodMicroseconds))} {Number(CpuPeriodMicroseconds)}";
            else
                notes.Add("The limit of processors was not kept: that needs a delegated cgroup.");
        }

        if (limits.CpuTime is { } time)
        {
            words.Add($"-St={Number((long)Math.Ceiling(time.TotalSeconds))}");
            words.Add($"-Ht={Number((long)Math.Ceiling((time + _cpuGrace).TotalSeconds))}");
        }

        if (limits.Files is { } open)
            words.Add($"-n={Number(open)}");
        return new HostLimits(files, string.Join(' ', words), notes);
    }

    /// <summary>What an end by a signal has to do with the limits; null when nothing.</summary>
    public static string? Explain(StepLimits? limits, AttemptOutcome outcome) =>
        outcome is AttemptOutcome.Signalled { Signal: Posix.Native.SIGXCPU } && limits?.CpuTime is { } time
            ? $"It used up its limit of processor time ({Durations.Format(time)})."
            : null;

    /// <summary>bash and the smaller shells have different letters for it.</summary>
    static readonly string ProcessesOption = IsBash() ? "-u" : "-p";

    static bool IsBash() =>
        Path.GetFileName(new FileInfo("/bin/sh").ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? "sh") == "bash";

    static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
