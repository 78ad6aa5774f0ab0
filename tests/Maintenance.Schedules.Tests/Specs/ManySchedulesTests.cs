namespace Maintenance.Schedules.Tests.Specs;

public sealed class ManySchedulesTests
{
    [Fact]
    [Trait("Category", "Long")]
    public void Ten_thousand_schedules_are_read_and_compiled_soon()
    {
        string[] zones = ["UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata"];
        var entries = Enumerable.Range(0, 10_000).Select(i => $$"""{ "id": "s{{i}}", "job": "j", "cron": "{{i % 60}} {{i / 60 % 24}} * * *", "timeZone": "{{zones[i % 4]}}" }""");
        var text = $$"""{ "schedules": [ {{string.Join(",\n", entries)}} ] }""";
        var started = TimeProvider.System.GetTimestamp();

        var set = ScheduleFile.Read(text, "f").Value!;
        var read = TimeProvider.System.GetElapsedTime(started);
        var specs = set.Schedules.Select(s => SpecCompiler.Compile(s, Some.Instant("2026-11-23T20:00Z")).Spec!.Form).ToList();
        var compiled = TimeProvider.System.GetElapsedTime(started) - read;

        TestContext.Current.SendDiagnosticMessage($"read {read.TotalMilliseconds:0} ms, compiled {compiled.TotalMilliseconds:0} ms, listed {specs.Count(f => f == SpecForm.Listed)}");
        Assert.Equal(10_000, specs.Count);
        Assert.True(read + compiled < TimeSpan.FromMinutes(5), $"read {read}, compiled {compiled}");
    }
}
