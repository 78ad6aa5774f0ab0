using System.Text;

namespace Maintenance.Schedules.Tests.Cron;

public sealed class RandomLinesTests
{
    static readonly string[] _pieces = ["*", "/", "-", ",", " ", "0", "5", "7", "12", "59", "60", "mon", "SUN", "jan", "@daily", "@", "#", "L", "?", "..", ":", "~", ".", "%", "\\", "\t", "=", "\"", "é", "UTC", "x"];

    [Fact]
    public void No_text_breaks_a_reader_and_what_is_taken_is_a_line_that_cron_takes()
    {
        var random = new Random(20261123);
        var taken = 0;
        for (var i = 0; i < 20_000; i++)
        {
            var text = i % 2 == 0 ? Any(random, 12) : string.Join(' ', Enumerable.Range(0, 5).Select(_ => Field(random)));
            var crontab = CrontabFile.Parse(Encoding.UTF8.GetBytes(text + " true\n"), CrontabForm.User);
            _ = OnCalendarExpression.TryParse(text, out _, out _);
            _ = Durations.TryParse(text, out _);
            if (!CronExpression.TryParse(text, out var cron, out var errors))
            {
                Assert.All(errors, e => Assert.True(e.Column >= 1 && e.Column <= text.Length + 1, $"'{text}': {e}"));
                continue;
            }

            taken++;
            Assert.True(crontab.Entries.Count == 1, $"cron refuses '{text}'");
            _ = ZonedTimes.After(cron.Fields, Zone.Utc, DstRules.Auto, 0).Take(2).Count();
        }

        Assert.True(taken > 500, $"only {taken} lines were taken");
    }

    static string Any(Random random, int pieces) => string.Concat(Enumerable.Range(0, random.Next(pieces)).Select(_ => _pieces[random.Next(_pieces.Length)]));

    static string Field(Random random) => random.Next(6) switch
    {
        0 => "*",
        1 => $"{random.Next(0, 13)}",
        2 => $"{random.Next(0, 8)}-{random.Next(0, 13)}",
        3 => $"*/{random.Next(0, 20)}",
        4 => $"{random.Next(1, 8)},{random.Next(1, 8)}-{random.Next(1, 8)}/{random.Next(1, 3)}",
        _ => Any(random, 4),
    };
}
