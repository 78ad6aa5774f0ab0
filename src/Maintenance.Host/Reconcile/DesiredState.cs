using System.Text.Json;
using Maintenance.Host.Runtime;
using Maintenance.Host.Settings;
using Maintenance.Jobs.Bundles;
using Maintenance.Jobs.Definition;
using Maintenance.Jobs.Resources;
using Maintenance.Schedules;

namespace Maintenance.Host.Reconcile;

/// <summary>A job of the files, packed.</summary>
sealed record DesiredJob(JobSource Source, JobBundle Bundle)
{
    public string Name => Source.Definition.Name;
}

/// <summary>A schedule of the files with what the server will be told.</summary>
sealed record DesiredSchedule(Schedule Schedule, TemporalSpec Spec, string BundleHash);

/// <summary>What the files say: all of it is right, or there is none of it and a list of problems.</summary>
sealed record DesiredState(ScheduleSet Set, IReadOnlyList<DesiredJob> Jobs, IReadOnlyList<DesiredSchedule> Schedules)
{
    /// <summary>The text of people.json; null when there is none.</summary>
    public string? People { get; init; }

    /// <summary>Specs that list due times have to be made anew from this time on; null when none does.</summary>
    public DateTimeOffset? RenewAt { get; init; }

    /// <summary>What <c>resources.json</c> beside the schedules declares; empty when there is no such file.</summary>
    public IReadOnlyList<ResourceDefinition> Resources { get; init; } = [];

    /// <param name="texts">Keeps in mind which files were asked for; null: nobody wants to know.</param>
    public static ReadResult<DesiredState> Load(HostSettings settings, DateTimeOffset now, DiskTexts? texts = null)
    {
        var problems = new List<Problem>();
        var jobs = ReadJobs(settings.JobsDirectory, problems);
        texts ??= new();
        var names = JobFolder.List(settings.JobsDirectory);
        var set = ScheduleFile.Read(texts, settings.SchedulesFile, settings.Environment, names);
        problems.AddRange(set.Problems);
        var resources = ResourceFile.Read(texts, settings.SchedulesFile, names);
        problems.AddRange(resources.Problems);
        if (!set.Ok)
            return new ReadResult<DesiredState>(null, problems);

        var schedules = Prepare(set.Value, jobs, now, problems);
        return problems.Count > 0
            ? new ReadResult<DesiredState>(null, problems)
            : new ReadResult<DesiredState>(
                new DesiredState(set.Value, jobs, schedules)
                {
                    RenewAt = RenewalOf(schedules, now), Resources = resources.Value ?? [], People = JobFolder.ReadPeople(settings.JobsDirectory),
                },
                []);
    }

    /// <summary>The same with lists of due times that begin now; null when a schedule cannot be listed any more.</summary>
    public DesiredState? Renewed(DateTimeOffset now)
    {
        var problems = new List<Problem>();
        var schedules = Prepare(Set, Jobs, now, problems);
        return problems.Count > 0 ? null : this with { Schedules = schedules, RenewAt = RenewalOf(schedules, now) };
    }

    static DateTimeOffset? RenewalOf(IReadOnlyList<DesiredSchedule> schedules, DateTimeOffset now) =>
        schedules.Any(s => s.Spec.Until is not null) ? SpecCompiler.Horizon(now).From.AddMonths(3) : null;

    static List<DesiredJob> ReadJobs(string jobsDirectory, List<Problem> problems)
    {
        var jobs = new List<DesiredJob>();
        problems.AddRange(JobFolder.InventoryProblems(jobsDirectory));
        problems.AddRange(JobFolder.PeopleProblems(jobsDirectory));
        foreach (var name in JobFolder.List(jobsDirectory))
        {
            var read = JobFolder.Read(jobsDirectory, name);
            problems.AddRange(read.Problems);
            if (read.Ok)
                jobs.Add(new DesiredJob(read.Value, JobBundle.Pack(read.Value)));
        }

        return jobs;
    }

    static List<DesiredSchedule> Prepare(ScheduleSet set, IReadOnlyList<DesiredJob> jobs, DateTimeOffset now, List<Problem> problems)
    {
        var byName = jobs.ToDictionary(j => j.Name, StringComparer.Ordinal);
        var list = new ProblemList(set.File, ScheduleFile.CodePrefix);
        var schedules = new List<DesiredSchedule>();
        // Lists of due times are most of the work of many schedules, and each stands alone.
        foreach (var (schedule, compiled) in set.Schedules.AsParallel().AsOrdered().Select(s => (s, SpecCompiler.Compile(s, now))))
        {
            if (compiled.Problem is not null)
                list.Add(schedule.Node, ScheduleCodes.TooManyEntries, compiled.Problem, compiled.Fix ?? "");
            if (!byName.TryGetValue(schedule.Job, out var job))
                continue;
            CheckInput(schedule, job, list);
            if (compiled.Spec is not null)
                schedules.Add(new DesiredSchedule(schedule, compiled.Spec, job.Bundle.Hash));
        }

        problems.AddRange(list.ToList());
        return schedules;
    }

    /// <summary>What is paused may wait for its input: that is often why it is paused.</summary>
    static void CheckInput(Schedule schedule, DesiredJob job, ProblemList problems)
    {
        if (schedule.PausedReason is not null)
            return;
        using var input = JsonDocument.Parse(schedule.InputJson);
        foreach (var problem in InputBinding.Bind(job.Source.Definition, input.RootElement).Problems)
            problems.Add(schedule.Node.Find("input") ?? schedule.Node, ScheduleCodes.BadInput, problem);
    }
}
