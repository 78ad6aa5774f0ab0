using System.Globalization;
using System.Text.Json;
using Google.Protobuf;
using Temporal.Engine.Schedules;
using Temporalio.Api.Schedule.V1;

namespace Temporal.Engine.Tests.Schedules;

/// <summary>
/// Every spec of the schedule kit, read and asked for its times as the real server was. Where the recording shows the real
/// server's zone arithmetic going wrong, the times that the fields mean are expected.
/// </summary>
public sealed class SpecVectorTests
{
    const int MostTimes = 1000;
    const string ErrorPrefix = "Invalid schedule spec: ";

    static readonly Dictionary<string, JsonElement> Vectors = Read();

    public static TheoryData<string> Names => new(Vectors.Keys);

    [Theory]
    [MemberData(nameof(Names))]
    public void A_spec_means_what_the_recording_shows(string name)
    {
        var vector = Vectors[name];
        Assert.True(MachineKnowsZone(vector), "This machine's time zones are older than those of the recording; tests/install brings newer ones.");
        var expect = vector.GetProperty("expect");
        var spec = JsonParser.Default.Parse<ScheduleSpec>(vector.GetProperty("spec").GetRawText());
        if (expect.TryGetProperty("error", out var error))
        {
            var thrown = Assert.Throws<InvalidSpecException>(() => CompiledSpec.Of(spec, "seed"));
            Assert.Equal(error.GetProperty("message").GetString(), ErrorPrefix + thrown.Message);
            return;
        }

        var compiled = CompiledSpec.Of(spec, "seed");
        var canonical = JsonParser.Default.Parse<ScheduleSpec>(expect.GetProperty("canonical").GetRawText());
        Assert.Equal(canonical, CanonicalSpec.ForClients(compiled.Canonical));
        var times = Times(compiled, Time(vector.GetProperty("from")), Time(vector.GetProperty("to")));
        if (expect.TryGetProperty("nominal", out var nominal))
            AssertJittered(compiled, nominal, times);
        else
            Assert.Equal(Texts(expect.TryGetProperty("byFields", out var byFields) ? byFields : expect.GetProperty("times")), times.Select(time => Text(time.Due)));
    }

    // Cuba stays on summer time in later editions of the time zone database.
    static bool MachineKnowsZone(JsonElement vector) =>
        !vector.GetRawText().Contains("America/Havana", StringComparison.Ordinal)
        || ZoneDatabase.Find("America/Havana").ToLocal(1793509200) - 1793509200 == -4 * 3600;

    static void AssertJittered(CompiledSpec compiled, JsonElement nominal, List<DueTime> times)
    {
        Assert.Equal(Texts(nominal), times.Select(time => Text(time.Nominal)));
        for (var i = 0; i < times.Count; i++)
        {
            var delay = times[i].Due - times[i].Nominal;
            Assert.InRange(delay, TimeSpan.Zero, compiled.LongestJitter);
            Assert.True(i + 1 == times.Count || times[i].Due < times[i + 1].Nominal, "jitter reaches the next nominal time");
        }

        Assert.Contains(times, time => time.Due > time.Nominal);
    }

    static List<DueTime> Times(CompiledSpec spec, DateTime from, DateTime to)
    {
        var times = new List<DueTime>();
        while (times.Count < MostTimes && spec.Next(from) is { } next && next.Due <= to)
        {
            times.Add(next);
            from = next.Due;
        }

        return times;
    }

    static DateTime Time(JsonElement text) =>
        DateTime.Parse(text.GetString()!, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal);

    static IEnumerable<string> Texts(JsonElement times) => times.EnumerateArray().Select(time => time.GetString()!);

    static string Text(DateTime time) => time.ToString(time.Ticks % TimeSpan.TicksPerSecond == 0 ? "yyyy-MM-ddTHH:mm:ssZ" : "yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);

    static Dictionary<string, JsonElement> Read()
    {
        var file = Path.Combine(Repository.Root, "tests", "conformance", "schedules", "spec-vectors.json");
        using var document = JsonDocument.Parse(File.ReadAllText(file));
        return document.RootElement.GetProperty("vectors").EnumerateArray().Select(vector => vector.Clone())
            .ToDictionary(vector => vector.GetProperty("name").GetString()!);
    }
}
