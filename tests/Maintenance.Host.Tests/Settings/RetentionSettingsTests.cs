using Maintenance.Host.Settings;
using Maintenance.Records;

namespace Maintenance.Host.Tests.Settings;

/// <summary>How long records are kept, as an operator sets it.</summary>
public sealed class RetentionSettingsTests
{
    static readonly KeepRuns Others = new() { Succeeded = TimeSpan.FromDays(10), Failed = TimeSpan.FromDays(20) };

    [Theory]
    [InlineData("succeeded=30d failed=90d", 30, 90)]
    [InlineData("failed=1w", 10, 7)]
    [InlineData("succeeded=1d", 1, 20)]
    public void A_job_is_kept_as_it_says_and_otherwise_as_the_others(string text, int succeeded, int failed)
    {
        var keep = KeepJobSetting.Parse("job", text, Others, out var problem);

        Assert.Equal("", problem);
        Assert.Equal(new() { Succeeded = TimeSpan.FromDays(succeeded), Failed = TimeSpan.FromDays(failed) }, keep);
    }

    [Theory]
    [InlineData("")]
    [InlineData("30d")]
    [InlineData("succeeded=30")]
    [InlineData("failed=1h")]
    [InlineData("cancelled=30d")]
    [InlineData("failed=forever")]
    public void A_text_that_is_not_understood_is_named_with_one_that_would_be(string text)
    {
        Assert.Null(KeepJobSetting.Parse("nightly", text, Others, out var problem));

        Assert.StartsWith("Records:KeepJobs:nightly ", problem);
        Assert.Contains("succeeded=30d failed=90d", problem);
    }

    [Fact]
    public void Records_are_not_kept_for_less_than_a_day()
    {
        var settings = new HostSettings { Records = new() { KeepOutput = TimeSpan.FromHours(1), KeepFailed = TimeSpan.Zero } };

        var problems = HostSettingsRules.Check(settings).ToList();

        Assert.Equal(2, problems.Count);
        Assert.Contains(problems, problem => problem.StartsWith("Records:KeepFailed is 00:00:00", StringComparison.Ordinal));
    }
}
