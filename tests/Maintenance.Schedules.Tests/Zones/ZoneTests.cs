namespace Maintenance.Schedules.Tests.Zones;

public sealed class ZoneTests
{
    [Fact]
    public void Offsets_agree_with_the_framework_for_every_zone()
    {
        var names = Maintenance.Schedules.Zones.Names;
        var from = new DateTime(2000, 1, 1, 0, 30, 0, DateTimeKind.Utc);
        var differences = new List<string>();
        foreach (var name in names)
        {
            var (ours, theirs) = (Maintenance.Schedules.Zones.Get(name), TimeZoneInfo.FindSystemTimeZoneById(name));
            for (var at = from; at.Year < 2040; at = at.AddDays(11))
            {
                if (theirs.GetUtcOffset(at).TotalSeconds != ours.OffsetAt(new DateTimeOffset(at).ToUnixTimeSeconds()))
                    differences.Add($"{name} at {at:O}");
            }
        }

        Assert.True(names.Count > 400);
        Assert.True(differences.Count == 0, string.Join("\n", differences.Take(10)));
    }

    [Theory]
    [InlineData("Europe/Berln", "Europe/Berlin")]
    [InlineData("europe/berlin", "Europe/Berlin")]
    [InlineData("Berlin", "Europe/Berlin")]
    [InlineData("New York", "America/New_York")]
    public void A_mistyped_zone_gets_a_suggestion(string id, string meant)
    {
        Assert.Null(Maintenance.Schedules.Zones.Find(id));

        Assert.Contains(meant, Maintenance.Schedules.Zones.Suggestion(id), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("../../etc/passwd")]
    [InlineData("right/Europe/Berlin")]
    [InlineData("Europe")]
    [InlineData("")]
    public void What_is_no_zone_name_is_not_looked_up(string id) => Assert.Null(Maintenance.Schedules.Zones.Find(id));
}
