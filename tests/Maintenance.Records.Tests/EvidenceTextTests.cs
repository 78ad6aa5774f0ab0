namespace Maintenance.Records.Tests;

public sealed class EvidenceTextTests
{
    [Fact]
    public void The_text_of_the_first_format_is_what_it_always_was()
    {
        var text = EvidenceText.Of(Some.FullRun("r1"), [OutputDigest.Of(1, 1, Some.Attempt(1, "restore/1").Output!, "f")], EvidenceText.OldestFormat);

        Assert.StartsWith("dd0fed588a377208e37c8cb2460baa26628043a2814e909b07", text.Hash);
    }

    /// <summary>A member that comes later must be left out of the texts of this format, or no run of before could be verified.</summary>
    [Fact]
    public void All_that_locks_and_actions_say_is_in_the_text_of_the_second_format()
    {
        var lines = EvidenceText.Of(Some.FullRun("r1"), []).Lines;

        Assert.Equal(
            [
                "action=1", "action.1.action=\"pause\"", "action.1.at=\"2026-03-01T02:00:04.0000000Z\"", "action.1.by=\"ada\"",
                "action.1.evidence=null", "action.1.reason=\"the disk is full\"", "action.1.step=\"restore\"", "action.1.verified=true",
            ],
            lines.Where(line => line.StartsWith("action", StringComparison.Ordinal)));
        Assert.Equal(
            [
                "lock.2.askedAt=null", "lock.2.grantedAt=null", "lock.2.heldBy=null", "lock.2.lostTo=null", "lock.2.name=\"disk\"",
                "lock.2.releasedAt=null", "lock.2.slots=null", "lock.2.step=\"restore\"", "lock.2.token=null",
            ],
            lines.Where(line => line.StartsWith("lock.2", StringComparison.Ordinal)));
    }
}
