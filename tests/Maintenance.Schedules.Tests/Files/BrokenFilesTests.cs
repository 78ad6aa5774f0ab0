namespace Maintenance.Schedules.Tests.Files;

/// <summary>Whatever stands in the file, reading it gives schedules or problems with a place in the file, and never an exception.</summary>
public sealed class BrokenFilesTests
{
    const string Good = """
        {
          // comment
          "timeZone": "Europe/Berlin",
          "calendars": { "freeze": { "dates": ["2026-12-24..2027-01-02", "05-01"], "timeZone": "UTC" }, "night": { "rules": [ { "days": "mon-fri", "times": ["22:00-06:00"] } ] },
            "odd": { "days": ["2nd tue", "last fri"], "month": "3-5", "dayOfMonth": "last-1", "dates": "easter-2..easter+1", "events": [ { "start": "2027-05-01T10:00", "end": "2027-05-01T12:00", "repeat": "FREQ=MONTHLY;BYDAY=1SA;UNTIL=20300101", "except": "2027-06-05T10:00", "timeZone": "Asia/Tokyo" } ] } },
          "defaults": { "overlap": "bufferOne", "catchUp": "2h", "tags": ["a"], "dst": { "missing": "shift" } },
          "schedules": [
            { "id": "a", "job": "j", "cron": ["30 3 * * mon-fri", "@daily"], "input": { "n": 1.5, "l": [true, null] }, "exclude": ["freeze", "odd", { "days": "sat" }], "only": "night" },
            { "id": "b", "job": "j", "every": "6h", "offset": "10m", "jitter": "30s", "startBy": "3h", "finishBy": "4h", "dst": { "repeated": "both" } },
            { "id": "c", "job": "j", "calendar": { "dayOfMonth": ["last", 15], "month": "1-6", "year": "2027-2029", "hour": 2 }, "at": ["2027-03-28T02:30", "2027-01-01T00:00Z"] },
            { "id": "d", "job": "j", "onCalendar": "Mon..Fri *-*~07/1 0/2:30:15 America/New_York", "paused": "why", "pauseOnFailure": true },
          ],
        }
        """;

    static readonly string[] _pieces =
        ["null", "true", "-1", "1e999", "\"\"", "\"x\"", "{}", "[]", "[[]]", "{\"a\":{}}", "\"\\ud800\"", "\"* * * * *\"", "\"99999999999\"", "\"0-0/0\"", "\"\\u0000\"", ",", ":", "}", "]", "\"", "\\", "\n", "é", "\"1d\"", "\"..\"", "\"-\"", "\"~\"", "\"last-40\""];

    [Fact]
    public void The_unbroken_file_is_good() => Assert.Empty(ScheduleFile.Read(Good, "f").Problems);

    [Fact]
    public void A_file_with_a_random_slip_gives_problems_with_places_or_schedules()
    {
        const int seed = 20261123;
        var random = new Random(seed);
        var (good, bad) = (0, 0);
        for (var i = 0; i < 4_000; i++)
        {
            var text = Good;
            for (var slips = random.Next(1, 4); slips > 0; slips--)
                text = Slip(text, random);

            var read = Read(text, $"seed {seed}, round {i}");
            (good, bad) = read.Ok ? (good + 1, bad) : (good, bad + 1);
            var lines = text.Split('\n').Length;
            Assert.All(read.Problems, p => Assert.True(p.Line >= 1 && p.Line <= lines && p.Column >= 1 && p.Message.Length > 0, $"round {i}: {p}"));
            Assert.Equal(read.Ok, read.Problems.Count == 0);
        }

        Assert.True(good > 50 && bad > 1_000, $"{good} good and {bad} bad files");
    }

    static ReadResult<ScheduleSet> Read(string text, string where)
    {
        try
        {
            var read = ScheduleFile.Read(text, "f");
            foreach (var schedule in read.Value?.Schedules ?? [])
            {
                Assert.True(ScheduleFile.ReadResolved(schedule.ResolvedJson).Ok, schedule.ResolvedJson);
                _ = Maintenance.Schedules.DueTimes.After(schedule, Some.Instant("2027-01-01T00:00Z")).Take(3).Count();
                _ = TimingSentence.Of(schedule);
            }

            return read;
        }
        catch (Exception broken) when (broken is not Xunit.Sdk.XunitException)
        {
            throw new InvalidOperationException($"{where}: {broken.Message}\n{text}", broken);
        }
    }

    /// <summary>Takes a character or a whole value away, or puts something else in its place.</summary>
    static string Slip(string text, Random random)
    {
        var at = random.Next(text.Length);
        var piece = _pieces[random.Next(_pieces.Length)];
        switch (random.Next(4))
        {
            case 0:
                return text.Remove(at, 1);
            case 1:
                return text.Insert(at, ((char)random.Next(32, 127)).ToString());
            case 2:
                return text[..at] + (char)random.Next(32, 127) + text[(at + 1)..];
            default:
                var from = text.IndexOf(": ", at, StringComparison.Ordinal);
                var to = from < 0 ? -1 : text.IndexOfAny([',', '}', '\n'], from);
                return to < 0 ? text.Insert(at, piece) : text[..(from + 2)] + piece + text[to..];
        }
    }
}
