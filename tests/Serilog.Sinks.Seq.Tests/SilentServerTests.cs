using Serilog.Events;
using Serilog.Parsing;
using Serilog.Sinks.Seq.Formatting;

namespace Serilog.Sinks.Seq.Tests;

public sealed class SilentServerTests
{
    [Fact]
    public async Task A_server_that_does_not_answer_is_left_after_a_while_and_tried_again()
    {
        using var selfLog = new SelfLogText();
        using var server = new SilentServer(silences: 2);
        await using var sink = Sink(server);

        sink.Emit(AnEvent());

        await Eventually.Is(3, () => server.Requests);
        Assert.Contains("no answer within 30 seconds", selfLog.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Dispose_waits_for_a_silent_server_only_so_long()
    {
        using var selfLog = new SelfLogText();
        using var server = new SilentServer(silences: int.MaxValue);
        var sink = Sink(server, TimeProvider.System);
        sink.Emit(AnEvent());
        await Eventually.Is(1, () => server.Requests);

        await sink.DisposeAsync();

        Assert.Contains("1 events could not be sent", selfLog.ToString(), StringComparison.Ordinal);
    }

    static SeqSink Sink(SilentServer server, TimeProvider? time = null) => new(new()
    {
        ServerUrl = "http://seq",
        BatchPostingLimit = 10,
        Period = TimeSpan.FromMilliseconds(10),
        MessageHandler = server,
        RetainedInvalidPayloadsLimitBytes = 0,
        QueueSizeLimit = 10,
        Formatter = new ClefFormatter(null),
        FlushTimeout = TimeSpan.FromMilliseconds(300),
        Time = time ?? new ImpatientTime(),
    });

    static LogEvent AnEvent() =>
        new(DateTimeOffset.UnixEpoch, LogEventLevel.Information, null, new MessageTemplateParser().Parse("one"), []);
}
