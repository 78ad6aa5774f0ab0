namespace Maintenance.EndToEnd.Tests.Documents;

/// <summary>The commands of the pages' examples are run in the order in which they stand, with the files that the pages say to write.</summary>
public sealed class PagesTests
{
    [Theory]
    [InlineData("README.md")]
    [InlineData("docs/schedules.md")]
    [InlineData("docs/job-tests.md")]
    [InlineData("docs/porting-a-script.md")]
    [InlineData("docs/resources.md")]
    [InlineData("docs/time-zones.md")]
    [InlineData("docs/plan-and-apply.md")]
    [InlineData("docs/ledger.md")]
    [InlineData("docs/importing-from-cron.md")]
    [InlineData("docs/records.md")]
    [InlineData("docs/locks.md")]
    [InlineData("docs/operating-runs.md")]
    [InlineData("docs/approvals.md")]
    public async Task What_the_page_says_works(string page)
    {
        await using var reader = new PageReader();

        await reader.FollowAsync(page);
    }
}
