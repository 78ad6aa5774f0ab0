using System.Diagnostics;
using System.Globalization;
using Serilog.Core;
using Serilog.Events;
using Serilog.Formatting;

namespace Serilog.Sinks.Seq.Tests;

public sealed class SeqSinkTests
{
    static readonly TimeSpan Quick = TimeSpan.FromMilliseconds(20);

    [Fact]
    public async Task Events_arrive_whole_and_well_formed()
    {
        await using var seq = await SeqReceiver.StartAsync(apiKey: "k1");
        using var activity = new Activity("work").SetIdFormat(ActivityIdFormat.W3C).Start();

        await using (var log = Logger(seq, apiKey: "k1"))
        {
            log.Information("Plain {{braces}} {Name} {Size:0.00} {@Thing}", "a\"b\n\u2028", 1.5, new { A = 1, B = new[] { 1, 2 } });
            log.ForContext("@odd", 1).ForContext("Level", "not the level").Error(Thrown(), "Failed with {Code,5:000}", 7);
            log.Verbose("quiet {Nan} {Null}", double.NaN, null);
        }

        Assert.Empty(seq.Complaints);
        Assert.Equal(3, seq.Events.Count);
        var (first, second) = (seq.Events[0], seq.Events[1]);
        Assert.Equal("a\"b\n\u2028", first.GetProperty("Name").GetString());
        Assert.Equal("1.50", first.GetProperty("@r")[0].GetString());
        Assert.Equal(2, first.GetProperty("Thing").GetProperty("B")[1].GetInt32());
        Assert.False(first.TryGetProperty("@l", out _));
        Assert.Equal(activity.TraceId.ToHexString(), first.GetProperty("@tr").GetString());
        Assert.Equal(activity.SpanId.ToHexString(), first.GetProperty("@sp").GetString());
        Assert.Equal(1, second.GetProperty("@@odd").GetInt32());
        Assert.Equal("  007", second.GetProperty("@r")[0].GetString());
        Assert.Equal("Error", second.GetProperty("@l").GetString());
        Assert.Contains("boom", second.GetProperty("@x").GetString(), StringComparison.Ordinal);
        Assert.Equal("Verbose", seq.Events[2].GetProperty("@l").GetString());
    }

    [Fact]
    public async Task Events_are_sent_in_order_and_in_batches_of_at_most_the_limit()
    {
        await using var seq = await SeqReceiver.StartAsync();

        await using (var log = Logger(seq, batchPostingLimit: 10))
        {
            for (var i = 0; i < 95; i++)
                log.Information("{I}", i);
        }

        Assert.Equal(Enumerable.Range(0, 95), seq.Events.Select(e => e.GetProperty("I").GetInt32()));
        Assert.True(seq.Requests >= 10, $"{seq.Requests} requests for 95 events in tens");
    }

    [Fact]
    public async Task Without_anything_logged_nothing_is_sent()
    {
        await using var seq = await SeqReceiver.StartAsync();

        await using (Logger(seq))
        {
        }

        Assert.Equal(0, seq.Requests);
    }

    [Theory]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    [InlineData(401)]
    [InlineData(404)]
    public async Task What_is_not_the_events_fault_is_tried_again(int status)
    {
        await using var seq = await SeqReceiver.StartAsync();
        seq.Fail(status);
        seq.Fail(status);

        await using var log = Logger(seq);
        log.Information("one");

        await Eventually.Is(1, () => seq.Events.Count);
        Assert.Equal(3, seq.Requests);
    }

    [Fact]
    public async Task An_outage_is_outlived_and_the_order_kept()
    {
        var seq = await SeqReceiver.StartAsync();
        var port = new Uri(seq.Url).Port;
        await using var log = Logger(seq);
        log.Information("{I}", 0);
        await Eventually.Is(1, () => seq.Events.Count);

        await seq.DisposeAsync();
        for (var i = 1; i <= 5; i++)
            log.Information("{I}", i);
        await using var back = await SeqReceiver.StartAsync(port: port);

        await Eventually.Is(5, () => back.Events.Count);
        Assert.Equal([1, 2, 3, 4, 5], back.Events.Select(e => e.GetProperty("I").GetInt32()));
    }

    [Fact]
    public async Task A_lost_answer_sends_twice_and_never_loses()
    {
        await using var seq = await SeqReceiver.StartAsync();
        seq.LoseAnswer();

        await using var log = Logger(seq);
        log.Information("one");

        await Eventually.Is(2, () => seq.Events.Count);
    }

    [Fact]
    public async Task A_request_that_is_too_large_is_split_until_it_fits()
    {
        await using var seq = await SeqReceiver.StartAsync();
        seq.BodyBytesMax = 700;

        await using (var log = Logger(seq))
        {
            for (var i = 0; i < 40; i++)
                log.Information("{I} {Padding}", i, new string('x', 100));
        }

        Assert.Equal(Enumerable.Range(0, 40), seq.Events.Select(e => e.GetProperty("I").GetInt32()));
    }

    [Fact]
    public async Task One_event_that_the_server_refuses_does_not_take_others_with_it()
    {
        using var selfLog = new SelfLogText();
        await using var seq = await SeqReceiver.StartAsync();

        await using (var log = Logger(seq, payloadFormatter: new BrokenForSeven()))
        {
            for (var i = 0; i < 20; i++)
                log.Information("{I}", i);
        }

        Assert.Equal(Enumerable.Range(0, 20).Where(i => i != 7), seq.Events.Select(e => e.GetProperty("I").GetInt32()));
        Assert.Contains("Seq refused an event", selfLog.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_event_over_the_limit_is_replaced_by_a_notice()
    {
        using var selfLog = new SelfLogText();
        await using var seq = await SeqReceiver.StartAsync();

        await using (var log = Logger(seq, eventBodyLimitBytes: 1000))
            log.Warning("Big {Padding}", new string('x', 2000));

        var notice = Assert.Single(seq.Events);
        Assert.Equal("Big {Padding}", notice.GetProperty("OriginalTemplate").GetString());
        Assert.Equal("Warning", notice.GetProperty("OriginalLevel").GetString());
        Assert.Contains("over the limit", selfLog.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_full_queue_drops_the_newest_and_says_how_many()
    {
        await using var seq = await SeqReceiver.StartAsync();
        seq.AlwaysStatus = 503;
        await using var log = Logger(seq, queueSizeLimit: 10);
        for (var i = 0; i < 25; i++)
            log.Information("{I}", i);

        seq.AlwaysStatus = null;

        await Eventually.Is(11, () => seq.Events.Count);
        Assert.Equal(Enumerable.Range(0, 10), seq.Events.Take(10).Select(e => e.GetProperty("I").GetInt32()));
        Assert.Equal(15, seq.Events[10].GetProperty("DroppedEvents").GetInt32());
    }

    [Fact]
    public async Task The_switch_follows_the_level_of_the_server_and_goes_back()
    {
        await using var seq = await SeqReceiver.StartAsync();
        seq.MinimumLevelAccepted = "Warning";
        var level = new LoggingLevelSwitch(LogEventLevel.Debug);
        await using var log = Logger(seq, controlLevelSwitch: level);

        log.Debug("one");
        await Eventually.Is(LogEventLevel.Warning, () => level.MinimumLevel);
        log.Information("not sent");
        seq.MinimumLevelAccepted = null;
        log.Warning("two");

        await Eventually.Is(LogEventLevel.Debug, () => level.MinimumLevel);
        Assert.Equal(["one", "two"], seq.Events.Select(e => e.GetProperty("@mt").GetString()));
    }

    [Fact]
    public void Without_a_switch_the_level_of_the_server_filters_until_it_is_taken_back()
    {
        var control = new LevelControl(null);

        control.Update(LogEventLevel.Warning);
        Assert.False(control.IsIncluded(LogEventLevel.Information));
        control.Update(LogEventLevel.Error);
        Assert.False(control.IsIncluded(LogEventLevel.Warning));
        control.Update(null);

        Assert.True(control.IsIncluded(LogEventLevel.Verbose));
    }

    [Fact]
    public async Task Dispose_does_not_wait_for_a_server_that_is_away()
    {
        using var selfLog = new SelfLogText();
        var seq = await SeqReceiver.StartAsync();
        var log = Logger(seq);
        await seq.DisposeAsync();
        log.Information("lost");
        var clock = Stopwatch.StartNew();

        await log.DisposeAsync();

        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(5), $"It took {clock.Elapsed}.");
        Assert.Contains("1 events could not be sent", selfLog.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Audit_tells_the_caller()
    {
        await using var seq = await SeqReceiver.StartAsync();
        using var log = new LoggerConfiguration().AuditTo.Seq(seq.Url).CreateLogger();

        log.Information("one");
        seq.Fail(500);

        Assert.Throws<AggregateException>(() => log.Information("two"));
        Assert.Single(seq.Events);
    }

    [Theory]
    [InlineData("localhost:5341")]
    [InlineData("ftp://localhost")]
    public void An_address_that_is_none_is_refused(string address) =>
        Assert.Throws<ArgumentException>(() => new LoggerConfiguration().WriteTo.Seq(address));

    internal static Logger Logger(
        SeqReceiver seq,
        int batchPostingLimit = 1000,
        string? apiKey = null,
        string? bufferBaseFilename = null,
        long? bufferSizeLimitBytes = null,
        long? eventBodyLimitBytes = 256 * 1024,
        LoggingLevelSwitch? controlLevelSwitch = null,
        int queueSizeLimit = 100_000,
        ITextFormatter? payloadFormatter = null) => new LoggerConfiguration()
        .MinimumLevel.Verbose()
        .WriteTo.Seq(
            seq.Url,
            batchPostingLimit: batchPostingLimit,
            period: Quick,
            apiKey: apiKey,
            bufferBaseFilename: bufferBaseFilename,
            bufferSizeLimitBytes: bufferSizeLimitBytes,
            eventBodyLimitBytes: eventBodyLimitBytes,
            controlLevelSwitch: controlLevelSwitch,
            queueSizeLimit: queueSizeLimit,
            payloadFormatter: payloadFormatter,
            formatProvider: CultureInfo.InvariantCulture)
        .CreateLogger();

    static InvalidOperationException Thrown()
    {
        try
        {
            throw new InvalidOperationException("boom");
        }
        catch (InvalidOperationException ex)
        {
            return ex;
        }
    }

    sealed class BrokenForSeven : ITextFormatter
    {
        readonly Seq.Formatting.ClefFormatter _formatter = new(null);

        public void Format(LogEvent logEvent, TextWriter output)
        {
            if (logEvent.Properties["I"].ToString() == "7")
                output.Write("{\"I\":7}");
            else
                _formatter.Format(logEvent, output);
        }
    }
}
