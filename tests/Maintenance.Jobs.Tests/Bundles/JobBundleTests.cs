using Maintenance.Jobs.Bundles;
using Maintenance.Jobs.Definition;

namespace Maintenance.Jobs.Tests.Bundles;

public sealed class JobBundleTests : IDisposable
{
    readonly string _jobs = Directory.CreateTempSubdirectory("jobs-").FullName;

    [Fact]
    public void The_same_files_give_the_same_hash_and_come_back_as_they_were()
    {
        Write("job.json", """{ "steps": [ { "name": "a", "run": "a.sh", "files": ["ü.txt"] } ] }""");
        Write("a.sh", "#!/bin/sh\necho 'hällo <>&'\n", executable: true);
        Write("ü.txt", "text");
        Write("notes.md", "not part of the job");

        var source = JobFolder.Read(_jobs, "demo").Value!;
        var (first, second) = (JobBundle.Pack(source), JobBundle.Pack(JobFolder.Read(_jobs, "demo").Value!));
        var opened = JobBundle.Open(first.Hash, first.Content);

        Assert.Equal(first.Hash, second.Hash);
        Assert.Equal(["a.sh", "job.json", "ü.txt"], opened.Files.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(source.Files["a.sh"], opened.Files["a.sh"]);
        Assert.Equal("demo", opened.Definition.Name);
    }

    [Fact]
    public void One_changed_byte_is_another_bundle()
    {
        Write("job.json", """{ "steps": [ { "name": "a", "run": "a.sh" } ] }""");
        Write("a.sh", "#!/bin/sh\n", executable: true);
        var before = JobBundle.Pack(JobFolder.Read(_jobs, "demo").Value!);

        Write("a.sh", "#!/bin/sh \n", executable: true);

        Assert.NotEqual(before.Hash, JobBundle.Pack(JobFolder.Read(_jobs, "demo").Value!).Hash);
    }

    [Fact]
    public void A_stored_bundle_that_was_changed_is_refused()
    {
        Write("job.json", """{ "steps": [ { "name": "a", "run": "a.sh" } ] }""");
        Write("a.sh", "#!/bin/sh\n# tampered\n", executable: true);
        var bundle = JobBundle.Pack(JobFolder.Read(_jobs, "demo").Value!);
        bundle.Content[^3] ^= 1;

        Assert.Throws<InvalidDataException>(() => JobBundle.Open(bundle.Hash, bundle.Content));
    }

    [Fact]
    public void A_script_without_execute_bit_is_a_problem_with_the_command_that_mends_it()
    {
        Write("job.json", """{ "steps": [ { "name": "a", "run": "a.sh" } ] }""");
        Write("a.sh", "#!/bin/sh\n");

        var problem = Assert.Single(JobFolder.Read(_jobs, "demo").Problems);

        Assert.Equal("JOB025", problem.Code);
        Assert.Contains("chmod +x", problem.Fix);
    }

    [Fact]
    public void A_job_that_is_not_there_is_reported_with_the_nearest_name()
    {
        Write("job.json", "{}");

        Assert.Contains("'demo'", Assert.Single(JobFolder.Read(_jobs, "dmeo").Problems).Fix);
        Assert.Equal(["demo"], JobFolder.List(_jobs));
    }

    void Write(string name, string text, bool executable = false)
    {
        Directory.CreateDirectory(Path.Combine(_jobs, "demo"));
        var file = Path.Combine(_jobs, "demo", name);
        File.WriteAllText(file, text);
        File.SetUnixFileMode(
            file,
            executable ? UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute : UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    public void Dispose() => Directory.Delete(_jobs, recursive: true);
}
