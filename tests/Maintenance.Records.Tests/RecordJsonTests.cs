using System.Text.Json;

namespace Maintenance.Records.Tests;

/// <summary>The workflow carries the records as JSON, so what goes in must come out.</summary>
public sealed class RecordJsonTests
{
    [Fact]
    public void A_full_run_survives_a_round_trip()
    {
        var json = JsonSerializer.Serialize(Some.FullRun("r1"));

        var back = JsonSerializer.Deserialize<RunRecord>(json);

        Assert.Equal(json, JsonSerializer.Serialize(back));
        Assert.Equal(Some.FullRun("r1").Steps[0].Attempts[1].Output, back?.Steps[0].Attempts[1].Output);
    }

    [Fact]
    public void Enums_travel_as_words_so_that_a_history_can_be_read() =>
        Assert.Contains("\"TimedOut\"", JsonSerializer.Serialize(Some.FullRun("r1")), StringComparison.Ordinal);
}
