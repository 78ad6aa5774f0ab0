using System.Globalization;
using System.Text.Json;
using Serilog.Events;

namespace Serilog.Sinks.Seq.Formatting;

/// <summary>Events of the sink's own, sent in the place of what could not be.</summary>
static class Notice
{
    const int TemplateCharsMax = 500;

    public static byte[] Dropped(long count, DateTimeOffset now) => Write(
        now, "{DroppedEvents} events were dropped because the buffer of the Seq sink was full", new() { ["DroppedEvents"] = count });

    public static byte[] TooLarge(LogEvent logEvent, long bytes, long limit) => Write(
        logEvent.Timestamp,
        "An event of {EventBytes} bytes was over the limit of {LimitBytes} bytes and was not sent: {OriginalTemplate}",
        new()
        {
            ["EventBytes"] = bytes, ["LimitBytes"] = limit, ["OriginalTemplate"] = TemplateOf(logEvent),
            ["OriginalLevel"] = $"{logEvent.Level}",
        });

    public static byte[] Unformattable(LogEvent logEvent, Exception exception) => Write(
        logEvent.Timestamp,
        "An event could not be written as JSON ({Problem}): {OriginalTemplate}",
        new() { ["Problem"] = exception.Message, ["OriginalTemplate"] = TemplateOf(logEvent), ["OriginalLevel"] = $"{logEvent.Level}" });

    static string TemplateOf(LogEvent logEvent)
    {
        var text = logEvent.MessageTemplate.Text;
        return text.Length <= TemplateCharsMax ? text : text[..TemplateCharsMax];
    }

    static byte[] Write(DateTimeOffset at, string template, Dictionary<string, object> properties)
    {
        properties["@t"] = at.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);
        properties["@mt"] = template;
        properties["@l"] = nameof(LogEventLevel.Error);
        return JsonSerializer.SerializeToUtf8Bytes(properties);
    }
}
