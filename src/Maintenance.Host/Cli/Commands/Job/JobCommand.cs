using System.CommandLine;
using Maintenance.Jobs.Definition;

namespace Maintenance.Host.Cli.Commands.Job;

/// <summary><c>maintenance job …</c>: what the author of a job does before it is applied. None of it needs a server.</summary>
static class JobCommand
{
    public static Command Create(Terminal terminal) =>
        new("job", "Write, check, try and test a job; needs no server")
        {
            JobNewCommand.Create(terminal),
            JobCheckCommand.Create(terminal),
            JobRunCommand.Create(terminal),
            JobTestCommand.Create(terminal),
        };

    /// <summary>A job by its folder, or by its name among the jobs of this installation.</summary>
    public static Argument<string> Named() => new("JOB") { Description = "Folder of the job, or its name in the folder of the jobs" };

    /// <summary>The folder of the jobs and the job's name in it.</summary>
    public static (string Folder, string Name) Place(this ParseResult parsed, string job)
    {
        var folder = Directory.Exists(job)
            ? Path.GetFullPath(job)
            : Path.Combine(Path.GetFullPath(parsed.ReadSettings().Settings.JobsDirectory), job);
        return (Path.GetDirectoryName(folder.TrimEnd('/'))!, Path.GetFileName(folder.TrimEnd('/')));
    }

    /// <summary>The job, and behind it those that its steps run. Null when one has problems, which then are said.</summary>
    public static IReadOnlyList<JobSource>? ReadJobs(this ParseResult parsed, string job, Terminal terminal)
    {
        var (folder, name) = parsed.Place(job);
        var read = JobFolder.ReadWithChildren(folder, name);
        if (!read.Ok)
            BadFiles.Say(read.Problems, terminal);
        return read.Value;
    }
}
