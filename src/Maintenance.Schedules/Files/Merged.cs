namespace Maintenance.Schedules;

/// <summary>
/// One object laid over another: its members stand in the place of those of the same name. Each keeps the place where it was written.
/// </summary>
static class Merged
{
    /// <summary>The members of <paramref name="over"/> win; either may be absent.</summary>
    public static Node? Over(Node? under, Node? over)
    {
        if (under is not { Kind: NodeKind.Object } || over is not { Kind: NodeKind.Object })
            return over ?? under;
        return With(under, over, under.Members.Where(m => over.Find(m.Name) is null).Concat(over.Members));
    }

    /// <summary>
    /// As <see cref="Over"/> for a schedule: a timing replaces the whole timing, inputs are laid over each other one by one.
    /// </summary>
    public static Node Schedule(Node under, Node over)
    {
        var retimed = TimingReader.Members.Any(name => over.Find(name) is not null);
        var kept = under.Members.Where(
            m => over.Find(m.Name) is null && !(retimed && (TimingReader.Members.Contains(m.Name) || m.Name == "offset")));
        var inputs = over.Find("input") is { } input ? Over(under.Find("input"), input) : null;
        return With(
            under, over, kept.Concat(over.Members.Select(m => m.Name == "input" && inputs is not null ? m with { Value = inputs } : m)));
    }

    static Node With(Node under, Node over, IEnumerable<NodeMember> members)
    {
        var merged = new Node(NodeKind.Object, under.Position, under.Path, "") { File = under.File };
        foreach (var member in members)
            merged.Add(member);
        merged.Source = $"{under.Source}\n{over.Source}";
        return merged;
    }
}
