using System.Text.Json;

namespace Maintenance.Schedules.Tests.DueTimes;

public sealed class OnCalendarVectorTests
{
    // Whole seconds are what a Temporal schedule can hold.
    const string FractionOfASecond = "*-*-* *:*:0/7.5";

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
        var wanted = !row.TryGetProperty("error", out _) && text != FractionOfASecond;
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
}
