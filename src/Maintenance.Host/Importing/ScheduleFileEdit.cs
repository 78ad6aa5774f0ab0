using System.Text;
using System.Text.Json;

namespace Maintenance.Host.Importing;

/// <summary>Adds entries to the text of schedules.json and leaves every other character of it as it is, comments included.</summary>
static class ScheduleFileEdit
{
    public const string Empty = "{\n  \"$schema\": \"./schemas/schedules.schema.json\",\n  \"schedules\": []\n}\n";

    /// <summary>Null when the text has no list "schedules" at its top.</summary>
    public static string? Append(string text, IEnumerable<string> entries)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        if (Find(bytes) is not var (lastItem, end))
            return null;
        var given = entries.ToList();
        if (given.Count == 0)
            return text;
        var added = string.Join(",\n", given.Select(entry => "    " + entry.Replace("\n", "\n    ", StringComparison.Ordinal)));
        var (before, after) = lastItem is { } at
            // Behind the last entry; what follows it (a comment, a comma too many) keeps its place.
            ? ($"{Encoding.UTF8.GetString(bytes[..at])},\n{added}", Encoding.UTF8.GetString(bytes[at..]))
            : (
                $"{Encoding.UTF8.GetString(bytes[..end]).TrimEnd(' ', '\t')}{(EndsInNewLine(bytes, end) ? "" : "\n")}{added}\n  ",
                Encoding.UTF8.GetString(bytes[end..]));
        return before + after;
    }

    /// <summary>
    /// Pauses an entry, or takes its pause away (<paramref name="reason"/> null). Null when it is not there, or is so already.
    /// </summary>
    public static string? SetPaused(string text, string id, string? reason)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        if (FindEntry(bytes, id) is not { } entry || (entry.Paused is null) == (reason is null))
            return null;
        // From the end of the value before it, so that the comma goes too.
        var (from, to) = entry.Paused ?? (entry.IdEnd, entry.IdEnd);
        return $"{Encoding.UTF8.GetString(bytes[..from])}{(reason is null ? "" : $", \"paused\": {JsonSerializer.Serialize(reason)}")}{Encoding.UTF8.GetString(bytes[to..])}";
    }

    sealed record EntryPlace(int IdEnd, (int From, int To)? Paused);

    static EntryPlace? FindEntry(byte[] bytes, string id)
    {
        var reader = new Utf8JsonReader(
            bytes, new JsonReaderOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType == JsonTokenType.StartObject && reader.CurrentDepth == 2 && ReadEntry(ref reader, id) is { } found)
                    return found;
            }
        }
        catch (JsonException)
        {
            // The reader of schedules tells what is wrong with it, and where.
        }

        return null;
    }

    static EntryPlace? ReadEntry(ref Utf8JsonReader reader, string id)
    {
        int? idEnd = null;
        (int, int)? paused = null;
        var before = (int)reader.BytesConsumed;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var (isId, isPaused) = (reader.ValueTextEquals("id"), reader.ValueTextEquals("paused"));
            reader.Read();
            if (isId && reader.TokenType == JsonTokenType.String && reader.ValueTextEquals(id))
                idEnd = (int)reader.BytesConsumed;
            reader.Skip();
            if (isPaused)
                paused = (before, (int)reader.BytesConsumed);
            before = (int)reader.BytesConsumed;
        }

        return idEnd is { } end ? new EntryPlace(end, paused) : null;
    }

    /// <summary>Where the last entry ends, if there is one, and where the list's bracket closes it.</summary>
    static (int? LastItem, int End)? Find(byte[] bytes)
    {
        var mark = bytes.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? Encoding.UTF8.Preamble.Length : 0;
        var reader = new Utf8JsonReader(
            bytes.AsSpan(mark), new JsonReaderOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
                return null;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var wanted = reader.ValueTextEquals("schedules");
                reader.Read();
                if (wanted && reader.TokenType == JsonTokenType.StartArray)
                    return List(ref reader, mark);
                reader.Skip();
            }
        }
        catch (JsonException)
        {
            // The reader of schedules tells what is wrong with it, and where.
        }

        return null;
    }

    static (int?, int) List(ref Utf8JsonReader reader, int mark)
    {
        int? last = null;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            reader.Skip();
            last = (int)reader.BytesConsumed + mark;
        }

        return (last, (int)reader.TokenStartIndex + mark);
    }

    static bool EndsInNewLine(byte[] bytes, int end) => Encoding.UTF8.GetString(bytes[..end]).TrimEnd(' ', '\t').EndsWith('\n');
}
