using System.Globalization;
using System.Text;
using Serilog.Debugging;
using Serilog.Events;
using Serilog.Formatting;

namespace Serilog.Sinks.Seq.Formatting;

/// <summary>
/// One event as one line of bytes within the size limit; an event that cannot be written so becomes a notice, never nothing.
/// </summary>
sealed class LineFormatter(ITextFormatter formatter, long? eventBodyLimitBytes)
{
    static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    public byte[] Format(LogEvent logEvent)
    {
        byte[] line;
        try
        {
            using var text = new StringWriter(new StringBuilder(512), CultureInfo.InvariantCulture);
            formatter.Format(logEvent, text);
            // An object on several lines would be several broken events. Within a JSON string a line feed is escaped anyway.
            line = Utf8.GetBytes(text.ToString().TrimEnd().Replace('\r', ' ').Replace('\n', ' '));
        }
        catch (Exception ex)
        {
            SelfLog.WriteLine("An event for Seq cannot be written as JSON: {0}", ex);
            return Notice.Unformattable(logEvent, ex);
        }

        if (eventBodyLimitBytes is not { } limit || line.Length <= limit)
            return line;
        SelfLog.WriteLine("An event of {0} bytes is over the limit of {1} bytes and is replaced by a notice.", line.Length, limit);
        return Notice.TooLarge(logEvent, line.Length, limit);
    }
}
