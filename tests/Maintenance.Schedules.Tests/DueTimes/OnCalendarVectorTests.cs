using System.Text.Json;

namespace Maintenance.Schedules.Tests.DueTimes;

public sealed class OnCalendarVectorTests
{
    [Fact]
    public void Expressions_are_taken_refused_and_due_as_systemd_does()
    {
        var cases = Vectors.Cases("oncalendar-times.json");
        var differences = cases.Select(Difference).OfType<string>().ToList();

        Assert.Equal(162, cases.Count);
        Vectors.AssertNone(differences, cases.Count);
    }

    static string? Difference(JsonElement row)
    {
        var text = row.Text("expression");
        var wanted = !row.TryGetProperty("error", out _);
        if (OnCalendarExpression.TryParse(text, out var expression, out var errors) != wanted)
            return $"{text}: {(wanted ? "must be taken, but " + errors[0].Message : "must be refused")}";
        if (expression is null)
            return errors.All(e => e.Message.Length > 0 && e.Fix.Length > 0) ? null : $"{text}: no advice";

        var zone = Maintenance.Schedules.Zones.Get(row.Text("zone"));
        var found = expression.ToTiming(zone, DstRules.Auto).After(Vectors.Instant(row.Text("base")))
            .Where(e => e.Kind == TimingEventKind.Due).Select(e => e.At).Take(10).ToList();
        var expected = row.Instants("times");
        return expected.SequenceEqual(found) ? null : $"{text} in {zone} from {row.Text("base")}\n  expected {Vectors.Show(expected)}\n  found    {Vectors.Show(found)}";
    }

    [Fact]
    public void The_normal_form_of_an_expression_is_due_when_it_is()
    {
        var cases = Vectors.Cases("oncalendar-times.json").Where(row => row.TryGetProperty("normalized", out _)).ToList();

        foreach (var row in cases)
            Assert.Equal(Times(row.Text("expression"), row), Times(row.Text("normalized"), row));
        Assert.True(cases.Count > 100);
    }

    [Fact]
    public void The_normal_form_is_systemds()
    {
        var cases = Vectors.Cases("oncalendar-times.json").Where(row => row.TryGetProperty("normalized", out _)).ToList();

        Vectors.AssertNone(
            [.. cases.Select(row => (Expected: row.Text("normalized"), Found: Normal(row.Text("expression")))).Where(c => c.Expected != c.Found).Select(c => $"{c.Expected} <> {c.Found}")],
            cases.Count);

        static string Normal(string text) => OnCalendarExpression.TryParse(text, out var expression, out _) ? expression.NormalForm : "refused";
    }

    static string Times(string text, JsonElement row)
    {
        Assert.True(OnCalendarExpression.TryParse(text, out var expression, out var errors), $"{text}: {string.Join(" ", errors)}");
        var timing = expression.ToTiming(Maintenance.Schedules.Zones.Get(row.Text("zone")), DstRules.Auto);
        return Vectors.Show(timing.After(Vectors.Instant(row.Text("base"))).Where(e => e.Kind == TimingEventKind.Due).Take(10).Select(e => e.At));
    }

    // As systemd-analyze 252 answers each of them.
    [Theory]
    [InlineData("Mon, 8:00", "2026-11-30T08:00:00Z 2026-12-07T08:00:00Z")]
    [InlineData("daily utc", "2026-11-26T00:00:00Z 2026-11-27T00:00:00Z")]
    [InlineData("27-03-01", "2027-03-01T00:00:00Z")]
    [InlineData("*-*~28/1", "2026-11-26T00:00:00Z 2026-11-27T00:00:00Z")]
    [InlineData("*-*~1..6/2", "2026-11-26T00:00:00Z 2026-11-28T00:00:00Z")]
    [InlineData("*-*-* 5..6/2:00", "2026-11-25T05:00:00Z 2026-11-26T05:00:00Z")]
    [InlineData("*:*:0..10/0.5", "2026-11-25T00:00:01Z 2026-11-25T00:00:02Z")]
    [InlineData("*:0:5.25..8", "2026-11-25T00:00:05Z 2026-11-25T00:00:06Z")]
    [InlineData("anually", "2027-01-01T00:00:00Z 2028-01-01T00:00:00Z")]
    [InlineData("@1800000000 UTC", "2027-01-15T08:00:00Z")]
    public void Odd_forms_that_systemd_takes_are_taken(string text, string times)
    {
        Assert.True(OnCalendarExpression.TryParse(text, out var expression, out var errors), string.Join(" ", errors));

        var found = expression.ToTiming(Zone.Utc, DstRules.Auto).After(Vectors.Instant("2026-11-25T00:00Z")).Take(2).Select(e => e.At);

        Assert.Equal(times, Vectors.Show(found));
    }

    [Theory]
    [InlineData("*-*~1/1", 5)]
    [InlineData("*-*~26,01 19:00", 5)]
    [InlineData("*:0:2..2", 5)]
    [InlineData("03:30 ", 6)]
    [InlineData("03:30  UTC", 6)]
    [InlineData("daily Mars/Phobos", 7)]
    [InlineData("Mon..Fri *-13-01 25:61", 12)]
    [InlineData("*-*-* 1,,2:00", 9)]
    [InlineData("*:0:5.", 5)]
    [InlineData("*:0:60", 5)]
    [InlineData("*-*-* 03:00 noon", 13)]
    [InlineData("Mon,Tues 8:00", 5)]
    [InlineData("*-*-*/2 01:00", 5)]
    public void A_refused_expression_says_which_part_is_wrong(string text, int column)
    {
        Assert.False(OnCalendarExpression.TryParse(text, out _, out var errors));

        Assert.Equal(column, errors[0].Column);
        Assert.NotEmpty(errors[0].Fix);
    }
}
