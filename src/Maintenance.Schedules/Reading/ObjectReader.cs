using System.Globalization;

namespace Maintenance.Schedules;

/// <summary>
/// Reads the members of one JSON object and collects what is wrong with them. Every accessor returns null both for "absent" and for
/// "wrong"; the difference is in the problems. <see cref="Close"/> reports the members that nobody asked for, with the nearest name.
/// </summary>
public sealed class ObjectReader
{
    readonly ProblemList _problems;
    readonly HashSet<string> _known = new(StringComparer.Ordinal);

    ObjectReader(Node node, ProblemList problems)
    {
        Node = node;
        _problems = problems;
    }

    public Node Node { get; }

    public ProblemList Problems => _problems;

    /// <summary>Null, with a problem, when the value is no object.</summary>
    public static ObjectReader? Open(Node node, ProblemList problems, string what = "an object")
    {
        if (node.Kind == NodeKind.Object)
            return new ObjectReader(node, problems);
        problems.Add(node, ReadingCodes.WrongType, $"Expected {what}, found {node.Describe()}.", "Write { … } here.");
        return null;
    }

    public bool Has(string name) => Value(name) is not null;

    /// <summary>The member as it stands; null when absent or JSON null.</summary>
    public Node? Value(string name)
    {
        _known.Add(name);
        return Node.Find(name) is { Kind: not NodeKind.Null } value ? value : null;
    }

    public Node? Required(string name)
    {
        var value = Value(name);
        if (value is null)
            _problems.Add(Node, ReadingCodes.MissingMember, $"'{name}' is missing.", $"Add \"{name}\".");
        return value;
    }

    public string? String(string name) => Text(Value(name));

    public string? RequiredString(string name) => Text(Required(name));

    public bool? Bool(string name)
    {
        if (Value(name) is not { } value)
            return null;
        if (value.Kind == NodeKind.Boolean)
            return value.IsTrue;
        return Wrong<bool>(value, "true or false");
    }

    public int? Int(string name, int min = int.MinValue, int max = int.MaxValue)
    {
        if (Value(name) is not { } value)
            return null;
        var style = NumberStyles.AllowLeadingSign;
        if (value.Kind != NodeKind.Number || !int.TryParse(value.Text, style, CultureInfo.InvariantCulture, out var number))
            return Wrong<int>(value, "a whole number");
        if (number >= min && number <= max)
            return number;
        _problems.Add(value, ReadingCodes.OutOfRange, $"{number} is not between {min} and {max}.");
        return null;
    }

    public double? Number(string name, double min = double.MinValue, double max = double.MaxValue)
    {
        if (Value(name) is not { } value)
            return null;
        if (value.Kind != NodeKind.Number || !double.TryParse(value.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
            return Wrong<double>(value, "a number");
        if (number >= min && number <= max)
            return number;
        _problems.Add(value, ReadingCodes.OutOfRange, $"{value.Text} is not between {min} and {max}.");
        return null;
    }

    public TimeSpan? Duration(string name, TimeSpan? min = null, TimeSpan? max = null)
    {
        if (Value(name) is not { } value)
            return null;
        if (value.Kind != NodeKind.String || !Durations.TryParse(value.Text, out var duration))
        {
            _problems.Add(value, ReadingCodes.BadDuration, $"Expected a length of time, found {value.Describe()}.", Durations.Example);
            return null;
        }

        if (duration >= (min ?? TimeSpan.Zero) && duration <= (max ?? TimeSpan.MaxValue))
            return duration;
        var limit = duration < (min ?? TimeSpan.Zero)
            ? $"at least {Durations.Format(min ?? TimeSpan.Zero)}"
            : $"at most {Durations.Format(max ?? TimeSpan.MaxValue)}";
        _problems.Add(value, ReadingCodes.OutOfRange, $"'{value.Text}' must be {limit}.");
        return null;
    }

    /// <summary>One of a fixed set of words, spelled exactly.</summary>
    public string? OneOf(string name, params IReadOnlyList<string> words)
    {
        if (Value(name) is not { } value)
            return null;
        if (value.Kind == NodeKind.String && words.Contains(value.Text))
            return value.Text;
        var hint = value.Kind == NodeKind.String && NearestName.Of(value.Text, words) is { } near ? $" Did you mean '{near}'?" : "";
        _problems.Add(
            value, ReadingCodes.NotOneOf,
            $"Expected one of {string.Join(", ", words)}, found {value.Describe()}.",
            hint.TrimStart());
        return null;
    }

    /// <summary>The items of a list; empty when absent. Null items are kept: the caller's reading of each item reports them.</summary>
    public IReadOnlyList<Node> List(string name)
    {
        if (Value(name) is not { } value)
            return [];
        if (value.Kind == NodeKind.Array)
            return value.Items;
        _problems.Add(value, ReadingCodes.WrongType, $"Expected a list, found {value.Describe()}.", "Write [ … ] here.");
        return [];
    }

    /// <summary>A list, or a single value that stands for a list of one.</summary>
    public IReadOnlyList<Node> OneOrMany(string name) =>
        Value(name) is not { } value ? [] : value.Kind == NodeKind.Array ? value.Items : [value];

    public IReadOnlyList<string> Strings(string name) => [.. List(name).Select(Text).OfType<string>()];

    /// <summary>An object whose members are all texts (also empty ones), such as environment variables.</summary>
    public IReadOnlyDictionary<string, string> StringMap(string name)
    {
        var map = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var member in Members(name))
        {
            if (member.Value.Kind == NodeKind.String)
                map[member.Name] = member.Value.Text;
            else
                _problems.Add(
                    member.Value, ReadingCodes.WrongType,
                    $"Expected a text, found {member.Value.Describe()}.",
                    "Put it in double quotes.");
        }

        return map;
    }

    /// <summary>The members of an object whose names are free; empty when absent.</summary>
    public IReadOnlyList<NodeMember> Members(string name)
    {
        if (Value(name) is not { } value)
            return [];
        if (value.Kind == NodeKind.Object)
            return value.Members;
        _problems.Add(value, ReadingCodes.WrongType, $"Expected an object, found {value.Describe()}.", "Write { … } here.");
        return [];
    }

    public ObjectReader? Object(string name) => Value(name) is { } value ? Open(value, _problems) : null;

    /// <summary>Accepts a member without looking at it; <c>$schema</c> is always accepted.</summary>
    public void Ignore(string name) => _known.Add(name);

    /// <summary>Call last: every member that was not asked for is a problem, because a typo must not become a default.</summary>
    public void Close()
    {
        Ignore("$schema");
        var names = _known.Where(n => n != "$schema").Order(StringComparer.Ordinal).ToList();
        foreach (var member in Node.Members.Where(m => !_known.Contains(m.Name)))
        {
            _problems.Add(
                _problems.FileOf(member.Value), member.NamePosition, ReadingCodes.UnknownMember, Node.PathOf(Node.Path, member.Name),
                $"'{member.Name}' is not known here.",
                NearestName.Suggest(member.Name, names));
        }
    }

    /// <summary>A text that is not empty, or null with a problem.</summary>
    public string? Text(Node? value)
    {
        if (value is null)
            return null;
        if (value.Kind != NodeKind.String)
        {
            _problems.Add(value, ReadingCodes.WrongType, $"Expected a text, found {value.Describe()}.", "Put it in double quotes.");
            return null;
        }

        if (value.Text.Length > 0)
            return value.Text;
        _problems.Add(value, ReadingCodes.EmptyValue, "The text is empty.", "Write a value, or leave the member out.");
        return null;
    }

    T? Wrong<T>(Node value, string expected) where T : struct
    {
        _problems.Add(value, ReadingCodes.WrongType, $"Expected {expected}, found {value.Describe()}.");
        return null;
    }
}
