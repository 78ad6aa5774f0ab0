using System.Text;
using System.Text.Json;

namespace Maintenance.Schedules;

/// <summary>
/// Reads a JSON text (comments and trailing commas allowed) into <see cref="Node"/>s. A text that is no JSON is one problem and
/// no node: what follows a syntax error cannot be trusted. A member that stands twice is a problem each time after the first.
/// </summary>
public sealed class NodeParser
{
    const int DepthMax = 64;

    readonly string _text;
    readonly ProblemList _problems;

    // The cursor only moves forward, so that finding positions costs one pass over the text.
    int _byteOffset;
    int _charOffset;
    int _line = 1;
    int _lineStart;

    NodeParser(string text, ProblemList problems)
    {
        _text = text;
        _problems = problems;
    }

    public static Node? Parse(string text, ProblemList problems)
    {
        if (text.StartsWith('\uFEFF'))
            text = text[1..];
        return new NodeParser(text, problems).ParseRoot();
    }

    Node? ParseRoot()
    {
        var bytes = Encoding.UTF8.GetBytes(_text);
        var reader = new Utf8JsonReader(bytes, new JsonReaderOptions
        {
            CommentHandling = JsonCommentHandling.Skip,
            AllowTrailingCommas = true,
            MaxDepth = DepthMax,
        });

        try
        {
            reader.Read();
            var root = ParseValue(ref reader, "");
            // Anything after the value is an error that only this read finds.
            reader.Read();
            return root;
        }
        catch (JsonException broken)
        {
            var at = PositionOf((int)(broken.LineNumber ?? 0), (int)(broken.BytePositionInLine ?? 0), bytes);
            _problems.Add(
                at, ReadingCodes.NotJson,
                "",
                $"This is not JSON: {Reason(broken)}",
                "Repair the text at this place; the rest of the file was not read.");
            return null;
        }
    }

    Node ParseValue(ref Utf8JsonReader reader, string path)
    {
        var at = MoveTo(ref reader);
        var start = _charOffset;
        var node = reader.TokenType switch
        {
            JsonTokenType.StartObject => ParseObject(ref reader, at, path),
            JsonTokenType.StartArray => ParseArray(ref reader, at, path),
            JsonTokenType.String => new Node(NodeKind.String, at, path, TextOf(ref reader, at, path)),
            JsonTokenType.Number => new Node(NodeKind.Number, at, path, Encoding.UTF8.GetString(reader.ValueSpan)),
            JsonTokenType.True => new Node(NodeKind.Boolean, at, path, "true"),
            JsonTokenType.False => new Node(NodeKind.Boolean, at, path, "false"),
            _ => new Node(NodeKind.Null, at, path, "null"),
        };
        MoveTo(reader.BytesConsumed);
        node.Source = _text[start.._charOffset];
        node.File = _problems.File;
        return node;
    }

    Node ParseObject(ref Utf8JsonReader reader, Position at, string path)
    {
        var node = new Node(NodeKind.Object, at, path, "");
        var seen = new Dictionary<string, Position>(StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var nameAt = MoveTo(ref reader);
            var name = TextOf(ref reader, nameAt, path);
            var memberPath = Node.PathOf(path, name);
            reader.Read();
            var value = ParseValue(ref reader, memberPath);
            if (seen.TryAdd(name, nameAt))
                node.Add(new NodeMember(name, nameAt, value));
            else
                _problems.Add(
                    nameAt, ReadingCodes.DuplicateMember, memberPath,
                    $"'{name}' stands twice in one object; the first is on line {seen[name].Line}.",
                    "Keep one of them.");
        }

        return node;
    }

    Node ParseArray(ref Utf8JsonReader reader, Position at, string path)
    {
        var node = new Node(NodeKind.Array, at, path, "");
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            node.Add(ParseValue(ref reader, Node.PathOf(path, node.Items.Count)));
        return node;
    }

    string TextOf(ref Utf8JsonReader reader, Position at, string path)
    {
        try
        {
            return reader.GetString() ?? "";
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair, written as an escape, is JSON but no text.
            _problems.Add(
                at, ReadingCodes.NotJson, path,
                "This text has an escape that is no character.",
                "Write both halves of the pair, or the character itself.");
            return "";
        }
    }

    Position MoveTo(ref Utf8JsonReader reader)
    {
        MoveTo(reader.TokenStartIndex);
        return new Position(_line, _charOffset - _lineStart + 1);
    }

    void MoveTo(long byteOffset)
    {
        while (_byteOffset < byteOffset && _charOffset < _text.Length)
        {
            var c = _text[_charOffset++];
            if (c == '\n')
            {
                _line++;
                _lineStart = _charOffset;
            }

            _byteOffset += Utf8Length(c);
        }
    }

    static int Utf8Length(char c) => c switch
    {
        < '\u0080' => 1,
        < '\u0800' => 2,
        _ when char.IsSurrogate(c) => 2,
        _ => 3,
    };

    static Position PositionOf(int line, int byteInLine, byte[] bytes)
    {
        var start = 0;
        for (var i = 0; i < line; i++)
            start = Array.IndexOf(bytes, (byte)'\n', start) + 1;
        var length = Math.Min(byteInLine, bytes.Length - start);
        return new Position(line + 1, Encoding.UTF8.GetCharCount(bytes, start, length) + 1);
    }

    /// <summary>The framework's sentence without the position, which stands in front of our message already.</summary>
    static string Reason(JsonException broken)
    {
        var end = broken.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return end < 0 ? broken.Message : broken.Message[..end];
    }
}
