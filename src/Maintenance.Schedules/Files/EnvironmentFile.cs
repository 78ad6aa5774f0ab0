namespace Maintenance.Schedules;

/// <summary>
/// The file of one site beside schedules.json (<c>schedules.NAME.json</c>): other values for what the base says, schedules that this site
/// does without, and schedules of its own.
/// </summary>
sealed class EnvironmentFile(string path, Node root, ProblemList problems)
{
    readonly Dictionary<string, NodeMember> _overrides = new(StringComparer.Ordinal);
    readonly Dictionary<string, Node> _without = new(StringComparer.Ordinal);
    readonly HashSet<string> _used = new(StringComparer.Ordinal);

    public string Path => path;

    public Node Root => root;

    /// <summary>Null, with problems, when the file is no object.</summary>
    public static EnvironmentFile? Open(string path, Node root, ProblemList problems)
    {
        if (ObjectReader.Open(root, problems) is not { } reader)
            return null;
        var file = new EnvironmentFile(path, root, problems);
        foreach (var member in reader.Members("override"))
        {
            if (ObjectReader.Open(member.Value, problems, "the members that this site overrides") is { } inner && file.MayOverride(inner))
                file._overrides[member.Name] = member;
        }

        foreach (var id in reader.OneOrMany("without"))
        {
            if (reader.Text(id) is { } text)
                file._without[text] = id;
        }

        reader.List("schedules");
        foreach (var name in new[] { "timeZone", "calendars", "defaults" })
            reader.Ignore(name);
        reader.Close();
        return file;
    }

    /// <summary>schedules.json becomes schedules.NAME.json.</summary>
    public static string PathOf(string schedules, string environment) =>
        System.IO.Path.Combine(
            System.IO.Path.GetDirectoryName(schedules) ?? "",
            $"{System.IO.Path.GetFileNameWithoutExtension(schedules)}.{environment}{System.IO.Path.GetExtension(schedules)}");

    /// <summary>The entry as this site has it; null when it does without.</summary>
    public Node? Of(Node schedule)
    {
        if (schedule.Find("id") is not { Kind: NodeKind.String } id)
            return schedule;
        _used.Add(id.Text);
        if (_without.ContainsKey(id.Text))
            return null;
        return _overrides.TryGetValue(id.Text, out var over) ? Merged.Schedule(schedule, over.Value) : schedule;
    }

    /// <summary>Call last: what names no schedule is a slip.</summary>
    public void ReportUnknown()
    {
        foreach (var over in _overrides.Values.Where(o => !_used.Contains(o.Name)))
            problems.Add(
                root.File, over.NamePosition, ScheduleCodes.BadOverride, $"override.{over.Name}", Unknown(over.Name), Suggest(over.Name));
        foreach (var (id, node) in _without.Where(w => !_used.Contains(w.Key)))
            problems.Add(node, ScheduleCodes.BadOverride, Unknown(id), Suggest(id));
        foreach (var (id, node) in _without.Where(w => _overrides.ContainsKey(w.Key)))
            problems.Add(node, ScheduleCodes.BadOverride, $"'{id}' is overridden and left out in one file.", "Keep one of them.");
    }

    static string Unknown(string id) => $"The base has no schedule '{id}'.";

    string Suggest(string id) => NearestName.Suggest(id, _used);

    bool MayOverride(ObjectReader over)
    {
        var good = true;
        foreach (var name in new[] { "id", "job" })
        {
            if (over.Value(name) is not { } value)
                continue;
            good = false;
            problems.Add(
                value, ScheduleCodes.BadOverride,
                $"'{name}' cannot be overridden.",
                "Leave the schedule out here (\"without\") and write one of this site's own in \"schedules\".");
        }

        return good;
    }
}
