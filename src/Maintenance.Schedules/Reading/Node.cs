using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Maintenance.Schedules;

public enum NodeKind
{
    Object,
    Array,
    String,
    Number,
    Boolean,
    Null,
}

public sealed record NodeMember(string Name, Position NamePosition, Node Value);

/// <summary>A JSON value that knows where it stands in its file. <see cref="Text"/> is a string's value or a number's digits.</summary>
public sealed class Node(NodeKind kind, Position position, string path, string text)
{
    readonly List<NodeMember> _members = [];
    readonly List<Node> _items = [];

    public NodeKind Kind { get; } = kind;
    public Position Position { get; } = position;
    public string Path { get; } = path;
    public string Text { get; } = text;
    public IReadOnlyList<NodeMember> Members => _members;
    public IReadOnlyList<Node> Items => _items;

    /// <summary>The text of the file from the first to the last character of this value, comments included.</summary>
    public string Source { get; internal set; } = "";

    /// <summary>The file that it stands in.</summary>
    public string File { get; internal set; } = "";

    public bool IsTrue => Kind == NodeKind.Boolean && Text == "true";

    internal void Add(NodeMember member) => _members.Add(member);

    internal void Add(Node item) => _items.Add(item);

    public Node? Find(string name) => _members.Find(m => m.Name == name)?.Value;

    /// <summary>What a person would call it in a message: "the text 'abc'", "the number 3", "a list".</summary>
    public string Describe() => Kind switch
    {
        NodeKind.Object => "an object",
        NodeKind.Array => "a list",
        NodeKind.String => $"the text '{Text}'",
        NodeKind.Number => $"the number {Text}",
        NodeKind.Boolean => Text,
        NodeKind.Null => "null",
        _ => throw new ArgumentOutOfRangeException(nameof(Kind), Kind, null),
    };

    /// <summary>The value as JSON without comments and blanks; members keep the order of the file, numbers their digits.</summary>
    public string ToJson()
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
            Write(writer);
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    void Write(Utf8JsonWriter writer)
    {
        switch (Kind)
        {
            case NodeKind.Object:
                writer.WriteStartObject();
                foreach (var member in _members)
                {
                    writer.WritePropertyName(member.Name);
                    member.Value.Write(writer);
                }

                writer.WriteEndObject();
                break;
            case NodeKind.Array:
                writer.WriteStartArray();
                foreach (var item in _items)
                    item.Write(writer);
                writer.WriteEndArray();
                break;
            case NodeKind.String:
                writer.WriteStringValue(Text);
                break;
            default:
                writer.WriteRawValue(Text);
                break;
        }
    }

    internal static string PathOf(string parent, string member) => parent.Length == 0 ? member : $"{parent}.{member}";

    internal static string PathOf(string parent, int index) => $"{parent}[{index.ToString(CultureInfo.InvariantCulture)}]";
}
