namespace Maintenance.Schedules;

/// <summary>
/// Reads all files of a tree as one: calendars and ids are shared by all of them; <c>timeZone</c> and <c>defaults</c> of a file hold for
/// it and for the files that it includes. The file of an environment lies over the base.
/// </summary>
sealed class ScheduleSetReader(ScheduleFolder? folder, ProblemList problems)
{
    readonly Dictionary<string, Node> _ids = new(StringComparer.Ordinal);
    readonly List<Schedule> _schedules = [];
    readonly List<string> _declared = [];
    readonly Dictionary<string, DayCalendar> _calendars = new(StringComparer.Ordinal);

    public ScheduleSet? Read(string path, Node root, EnvironmentFile? overlay)
    {
        if (root.Kind != NodeKind.Object)
        {
            ObjectReader.Open(root, problems);
            return null;
        }

        var files = new ScheduleTree(folder, problems).Load(path, root);
        ReadCalendars(files, overlay);
        var zones = new Dictionary<string, Zone>(StringComparer.Ordinal);
        foreach (var file in files)
            ReadFile(file, overlay, zones);
        if (overlay is not null)
        {
            if (overlay.Root.Find("schedules") is { Kind: NodeKind.Array } own)
                ReadEntries(own.Items, Common(zones[path], Merged.Over(files[0].Defaults, overlay.Root.Find("defaults"))), null);
            overlay.ReportUnknown();
        }

        return new ScheduleSet(problems.File, zones[path], _schedules)
        {
            Files = [.. files.Select(f => f.Path), .. overlay is null ? [] : new[] { overlay.Path }],
        };
    }

    void ReadCalendars(IReadOnlyList<TreeFile> files, EnvironmentFile? overlay)
    {
        var members = new Dictionary<string, NodeMember>(StringComparer.Ordinal);
        foreach (var member in files.SelectMany(f => CalendarsOf(f.Root)))
        {
            if (!members.TryAdd(member.Name, member))
                problems.Add(
                    problems.FileOf(member.Value), member.NamePosition, ScheduleCodes.DuplicateId, $"calendars.{member.Name}",
                    $"The calendar '{member.Name}' is taken by the one in {Where(members[member.Name].Value)}.",
                    "All files share their calendars; name it once.");
        }

        foreach (var member in overlay is null ? [] : CalendarsOf(overlay.Root))
            members[member.Name] = member;
        var reader = new CalendarReader(problems, folder);
        foreach (var member in members.Values)
        {
            _declared.Add(member.Name);
            if (reader.Read(member.Name, member.Value) is { } calendar)
                _calendars[member.Name] = calendar;
        }
    }

    IReadOnlyList<NodeMember> CalendarsOf(Node root) =>
        root.Kind == NodeKind.Object && ObjectReader.Open(root, problems) is { } reader ? reader.Members("calendars") : [];

    void ReadFile(TreeFile file, EnvironmentFile? overlay, Dictionary<string, Zone> zones)
    {
        if (ObjectReader.Open(file.Root, problems) is not { } reader)
            return;
        var site = file.Parent is null ? overlay?.Root : null;
        var inherited = file.Parent is null ? Zone.Utc : zones.GetValueOrDefault(file.Parent.Path, Zone.Utc);
        var zone = ZoneReader.Read(reader, "timeZone") ?? inherited;
        if (site is not null && ObjectReader.Open(site, problems) is { } over)
            zone = ZoneReader.Read(over, "timeZone") ?? zone;
        zones[file.Path] = zone;
        // Only a file's own defaults are checked where they stand; what it inherits was checked there.
        foreach (var own in new[] { reader.Value("defaults"), site?.Find("defaults") }.OfType<Node>())
            new ScheduleReader(Common(zone, own), problems).CheckDefaults();
        if (file.Parent is null)
            reader.Required("schedules");
        ReadEntries(reader.List("schedules"), Common(zone, DefaultsOf(file, overlay)), overlay);
        reader.Ignore("calendars");
        reader.Ignore("$include");
        reader.Close();
    }

    /// <summary>Those of a site lie over those of the first file and under those of the files that it includes.</summary>
    static Node? DefaultsOf(TreeFile file, EnvironmentFile? overlay) => file.Parent is null
        ? Merged.Over(file.Defaults, overlay?.Root.Find("defaults"))
        : Merged.Over(DefaultsOf(file.Parent, overlay), file.Root.Find("defaults"));

    ScheduleCommon Common(Zone zone, Node? defaults) => new(zone, _calendars, _declared, defaults) { Folder = folder };

    void ReadEntries(IReadOnlyList<Node> nodes, ScheduleCommon common, EnvironmentFile? overlay)
    {
        var entries = new ScheduleReader(common, problems);
        foreach (var written in nodes)
        {
            var node = written.Kind == NodeKind.Object && overlay is not null ? overlay.Of(written) : written;
            if (written.Find("id") is { Kind: NodeKind.String } id && !_ids.TryAdd(id.Text, id))
                problems.Add(
                    id, ScheduleCodes.DuplicateId,
                    $"The id '{id.Text}' is taken by the schedule {Where(_ids[id.Text], id)}.",
                    "Ids name schedules on the server; choose another.");
            if (node is not null && entries.Read(node) is { } schedule)
                _schedules.Add(schedule);
        }
    }

    static string Where(Node node) => $"{Path.GetFileName(node.File)}, line {node.Position.Line}";

    static string Where(Node node, Node seenFrom) => node.File == seenFrom.File ? $"on line {node.Position.Line}" : $"in {Where(node)}";
}
