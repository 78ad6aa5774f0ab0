using System.Globalization;
using Serilog.Events;
using Serilog.Formatting;
using Serilog.Formatting.Json;
using Serilog.Parsing;

namespace Serilog.Sinks.Seq.Formatting;

/// <summary>One event as one JSON object in compact log event format: <c>@t @mt @r @l @x @tr @sp</c> and the properties.</summary>
sealed class ClefFormatter(IFormatProvider? formatProvider) : ITextFormatter
{
    static readonly JsonValueFormatter Values = new(typeTagName: "$type");

    public void Format(LogEvent logEvent, TextWriter output)
    {
        output.Write("{\"@t\":\"");
        output.Write(logEvent.Timestamp.UtcDateTime.ToString("O", CultureInfo.InvariantCulture));
        output.Write("\",\"@mt\":");
        JsonValueFormatter.WriteQuotedJsonString(logEvent.MessageTemplate.Text, output);
        WriteRenderings(logEvent, output);

        if (logEvent.Level != LogEventLevel.Information)
            WriteString("@l", logEvent.Level.ToString(), output);
        if (logEvent.Exception is { } exception)
            WriteString("@x", Describe(exception), output);
        if (logEvent.TraceId is { } trace)
            WriteString("@tr", trace.ToHexString(), output);
        if (logEvent.SpanId is { } span)
            WriteString("@sp", span.ToHexString(), output);
        foreach (var (name, value) in logEvent.Properties)
        {
            output.Write(',');
            // A leading @ is the format's own; doubled, it is a name.
            JsonValueFormatter.WriteQuotedJsonString(name.StartsWith('@') ? $"@{name}" : name, output);
            output.Write(':');
            Values.Format(value, output);
        }

        output.Write('}');
        output.WriteLine();
    }

    /// <summary>Only tokens with a format need it: the server cannot know what <c>{Size:0.0}</c> looks like here.</summary>
    void WriteRenderings(LogEvent logEvent, TextWriter output)
    {
        var separator = ",\"@r\":[";
        foreach (var token in logEvent.MessageTemplate.Tokens)
        {
            if (token is not PropertyToken { Format: not null } formatted)
                continue;
            output.Write(separator);
            separator = ",";
            using var rendering = new StringWriter(CultureInfo.InvariantCulture);
            formatted.Render(logEvent.Properties, rendering, formatProvider);
            JsonValueFormatter.WriteQuotedJsonString(rendering.ToString(), output);
        }

        if (separator == ",")
            output.Write(']');
    }

    static void WriteString(string name, string value, TextWriter output)
    {
        output.Write(",\"");
        output.Write(name);
        output.Write("\":");
        JsonValueFormatter.WriteQuotedJsonString(value, output);
    }

    static string Describe(Exception exception)
    {
        try
        {
            return exception.ToString();
        }
        catch (Exception inner)
        {
            return $"{exception.GetType()} (its description failed with {inner.GetType()})";
        }
    }
}
