using System.Text;
using Maintenance.Jobs.Definition;
using Maintenance.Schedules;

namespace Maintenance.Host.Tests.Import;

public sealed class ImportedJobTests
{
    [Fact]
    public void The_job_of_an_imported_line_is_a_job_without_problems()
    {
        var file = CrontabFile.Parse(Encoding.UTF8.GetBytes("# nightly \"report\"\nX=it's\n30 3 * * * report --day $(date +\\%d)%input\n"), CrontabForm.User);

        var line = Assert.Single(CrontabImport.Of(file, new ImportOrigin("crontab", "UTC"), null, []).Imported);
        var read = JobReader.Read(line.Id, line.JobFiles["job.json"], "job.json", line.JobFiles);

        Assert.Empty(read.Problems);
        Assert.Equal("report", line.Id);
    }
}
