using Maintenance.Jobs.Definition;
using Maintenance.Schedules;

namespace Maintenance.Jobs.Locks;

/// <summary>
/// Reads the member <c>locks</c> of a job or a step: names, or objects with <c>name</c> and what differs from an exclusive lock.
/// </summary>
static class LockReader
{
    /// <param name="outer">Locks that the run holds already when it asks for these.</param>
    public static IReadOnlyList<LockDefinition> Read(
        ObjectReader reader, KnownReferences known, ProblemList problems, IReadOnlyList<LockDefinition> outer)
    {
        var nodes = reader.List("locks");
        if (nodes.Count > LockRules.LocksMax)
            problems.Add(
                reader.Node.Find("locks")!, ReadingCodes.OutOfRange,
                $"{nodes.Count} locks are named; at most {LockRules.LocksMax} are allowed.",
                "Let one lock stand for what belongs together.");
        var locks = new List<LockDefinition>();
        foreach (var node in nodes)
        {
            if (ReadOne(node, known, problems) is not { } one)
                continue;
            CheckOrder(one, outer, node, problems);
            if (locks.Any(l => l.Name == one.Name))
                problems.Add(node, JobCodes.DuplicateName, $"The lock '{one.Name}' is named twice here.", "Name it once.");
            else
                locks.Add(one);
        }

        return locks;
    }

    /// <summary>
    /// All runs take their locks in the order of their names, so that no two can wait for each other. A step asks while its job's locks are
    /// held, and so must come after them.
    /// </summary>
    static void CheckOrder(LockDefinition one, IReadOnlyList<LockDefinition> outer, Node node, ProblemList problems)
    {
        if (IsPlain(one.Name) && outer.Where(l => IsPlain(l.Name)).MaxBy(l => l.Name, StringComparer.Ordinal) is { } last
            && string.CompareOrdinal(one.Name, last.Name) <= 0)
            problems.Add(node, JobCodes.LockOrder, LockOrder.Problem(one.Name, last.Name), LockOrder.Fix);
    }

    static LockDefinition? ReadOne(Node node, KnownReferences known, ProblemList problems)
    {
        if (node.Kind == NodeKind.String)
            return CheckName(node, known, problems) ? new LockDefinition { Name = node.Text } : null;
        if (ObjectReader.Open(node, problems, "a lock: its name, or an object") is not { } reader)
            return null;
        var name = reader.Required("name");
        var good = name is not null && reader.String("name") is not null && CheckName(name, known, problems);
        var slots = reader.Int("slots", 1, LockRules.SlotsMax);
        var shared = reader.Bool("shared") ?? false;
        if (shared && slots is not null)
            problems.Add(node, JobCodes.BadLock, "A lock is either shared or has slots.", "Take one of the two away.");
        var read = new LockDefinition
        {
            Name = name?.Text ?? "",
            Limit = shared ? LockDefinition.Shared : slots ?? 1,
            Priority = reader.OneOf("priority", "low", "normal", "high") switch
            {
                "low" => LockPriority.Low,
                "high" => LockPriority.High,
                _ => LockPriority.Normal,
            },
            Wait = reader.Duration("wait", min: TimeSpan.FromSeconds(1)) ?? LockRules.WaitDefault,
        };
        reader.Close();
        return good ? read : null;
    }

    static bool CheckName(Node name, KnownReferences known, ProblemList problems)
    {
        known.Check(name);
        if (LockRules.IsOfQuorum(name.Text))
        {
            problems.Add(
                name, JobCodes.BadLock,
                $"'{name.Text}' is the lock of a quorum; runs take their places in it themselves, and could wait for each other over it.",
                $"Name it otherwise, or choose the hosts with 'forEach' and let {Inventory.FileName} name the quorum.");
            return false;
        }

        if (!IsPlain(name.Text) || LockRules.IsName(name.Text))
            return true;
        problems.Add(
            name, ReadingCodes.BadName, $"'{name.Text}' is no name for a lock.",
            "Use letters, digits and . _ : / -, begin with a letter or digit, at most 100 characters.");
        return false;
    }

    static bool IsPlain(string name) => !name.Contains("${", StringComparison.Ordinal);
}

/// <summary>Why a lock must sort behind those that are held when it is asked for.</summary>
static class LockOrder
{
    public const string Fix = "Name both at the same place, or give the lock a name that sorts behind it.";

    public static string Problem(string asked, string held) =>
        $"The lock '{asked}' does not sort behind '{held}', which is held when it is asked for: two jobs could wait for each other for ever.";
}
