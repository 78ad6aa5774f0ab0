using System.Text;
using Maintenance.Jobs.Approvals;
using Maintenance.Schedules;

namespace Maintenance.Jobs.Definition;

/// <summary>A job as it lies on disk, read and checked: the definition and the files that go with it.</summary>
public sealed record JobSource(JobDefinition Definition, IReadOnlyDictionary<string, string> Files);

/// <summary>Reads <c>jobs/NAME/</c>. Only files that job.json names are taken, so notes and tests may lie beside them.</summary>
public static class JobFolder
{
    public const string FileName = "job.json";
    const int FileBytesMax = 1024 * 1024;

    static readonly UTF8Encoding _strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The jobs of a folder by name, in order: its folders that hold a job.json.</summary>
    public static IReadOnlyList<string> List(string jobsDirectory) =>
        Directory.Exists(jobsDirectory)
            ? [
                .. Directory.EnumerateDirectories(jobsDirectory)
                    .Where(d => File.Exists(Path.Combine(d, FileName)))
                    .Select(d => Path.GetFileName(d))
                    .Order(StringComparer.Ordinal),
            ]
            : [];

    public static ReadResult<JobSource> Read(string jobsDirectory, string name)
    {
        var folder = Path.Combine(jobsDirectory, name);
        var path = Path.Combine(folder, FileName);
        var problems = new ProblemList(path, "JOB");
        if (!File.Exists(path))
        {
            problems.Add(
                new Position(1, 1), JobCodes.FileMissing, "", $"There is no job '{name}': {path} does not exist.",
                NearestName.Suggest(name, List(jobsDirectory)));
            return problems.Result<JobSource>(null);
        }

        var files = ReadTexts(folder);
        ReadShared(jobsDirectory, files, problems);
        if (!files.Remove(FileName, out var text))
        {
            problems.Add(
                new Position(1, 1), JobCodes.NotText, "", "The file is no UTF-8 text, is too large, or cannot be read.",
                "Save it as UTF-8.");
            return problems.Result<JobSource>(null);
        }

        var definition = JobReader.Read(name, text, problems, files);
        if (definition is not null)
        {
            CheckModes(folder, definition, problems);
            CheckChildren(jobsDirectory, definition, problems);
        }

        if (definition is null || problems.Any)
            return problems.Result<JobSource>(null);

        var used = definition.FileNames().ToDictionary(f => f, f => files[f], StringComparer.Ordinal);
        used[FileName] = text;
        if (definition.NeedsInventory)
            used[Inventory.FileName] = files[Inventory.FileName];
        var source = new JobSource(definition, used);
        if (Bundles.JobBundle.Pack(source).Content.Length is var size && size > Records.BundleRecord.ContentBytesMax)
            problems.Add(
                new Position(1, 1), JobCodes.TooLarge, "",
                $"The job's files are {size} bytes together; at most {Records.BundleRecord.ContentBytesMax} can be applied.",
                "Keep data out of the job's folder; give scripts the path of it.");
        return problems.Result(source);
    }

    /// <summary>A job, and behind it the jobs that its steps run, and theirs.</summary>
    public static ReadResult<IReadOnlyList<JobSource>> ReadWithChildren(string jobsDirectory, string name)
    {
        var sources = new List<JobSource>();
        var names = new List<string> { name };
        for (var i = 0; i < names.Count; i++)
        {
            var read = Read(jobsDirectory, names[i]);
            if (!read.Ok)
                return new(null, read.Problems);
            sources.Add(read.Value);
            names.AddRange(ChildrenOf(read.Value.Definition).Select(child => child.Child.Job).Distinct().Except(names).ToList());
        }

        return new(sources, []);
    }

    static Dictionary<string, string> ReadTexts(string folder)
    {
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var file in new DirectoryInfo(folder).EnumerateFiles().Where(f => f.Length <= FileBytesMax))
        {
            try
            {
                texts[file.Name] = _strict.GetString(File.ReadAllBytes(file.FullName));
            }
            catch (Exception unreadable) when (unreadable is DecoderFallbackException or IOException or UnauthorizedAccessException)
            {
                // A file that no step names may be anything; one that is named is reported as missing or unreadable where it is named.
                continue;
            }
        }

        return texts;
    }

    /// <summary>Inventory and people lie beside the jobs' folders; a file of that name in a job's folder would be taken for them.</summary>
    static void ReadShared(string jobsDirectory, Dictionary<string, string> files, ProblemList problems)
    {
        foreach (var name in new[] { Inventory.FileName, People.FileName }.Where(files.Remove))
            problems.Add(
                new Position(1, 1), JobCodes.OutsideFolder, "", $"'{name}' is the name of a file that lies beside the jobs' folders.",
                "Move it there, or give the file another name.");
        var path = Path.Combine(jobsDirectory, Inventory.FileName);
        if (File.Exists(path))
            files[Inventory.FileName] = File.ReadAllText(path);
        files[People.FileName] = ReadPeople(jobsDirectory) ?? PeopleReader.Empty;
    }

    /// <summary>The inventory's own problems; empty when there is none.</summary>
    public static IReadOnlyList<Problem> InventoryProblems(string jobsDirectory)
    {
        var path = Path.Combine(jobsDirectory, Inventory.FileName);
        return File.Exists(path) ? InventoryReader.Read(File.ReadAllText(path), path).Problems : [];
    }

    /// <summary>The text of people.json beside the jobs' folders; null when there is none.</summary>
    public static string? ReadPeople(string jobsDirectory) =>
        Path.Combine(jobsDirectory, People.FileName) is var path && File.Exists(path) ? File.ReadAllText(path) : null;

    /// <summary>The problems of people.json itself; empty when there is none.</summary>
    public static IReadOnlyList<Problem> PeopleProblems(string jobsDirectory) =>
        ReadPeople(jobsDirectory) is { } text ? PeopleReader.Read(text, Path.Combine(jobsDirectory, People.FileName)).Problems : [];

    static void CheckChildren(string jobsDirectory, JobDefinition definition, ProblemList problems)
    {
        var jobs = List(jobsDirectory);
        foreach (var (step, child) in ChildrenOf(definition).Where(c => !jobs.Contains(c.Child.Job)))
            problems.Add(
                new Position(1, 1), JobCodes.UnknownJob, "",
                $"The step '{step.Name}' runs the job '{child.Job}', which does not exist.", NearestName.Suggest(child.Job, jobs));
    }

    static IEnumerable<(StepDefinition Step, ChildJobStep Child)> ChildrenOf(JobDefinition definition) =>
        from step in definition.Steps.Concat(definition.Finally)
        from child in new[] { step.Job, step.UndoStep?.Job, step.Check?.Job }.OfType<ChildJobStep>()
        select (step, child);

    /// <summary>The runner does not need the bit, but whoever tries the script by hand does, and cron did: its absence is a slip.</summary>
    static void CheckModes(string folder, JobDefinition definition, ProblemList problems)
    {
        foreach (var script in definition.ScriptNames())
        {
            var file = Path.Combine(folder, script);
            if (File.Exists(file)
                && (File.GetUnixFileMode(file) & (UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute)) == 0)
                problems.Add(new Position(1, 1), JobCodes.NotExecutable, "", $"{file} may not be executed.", $"Run `chmod +x {file}`.");
        }
    }
}
