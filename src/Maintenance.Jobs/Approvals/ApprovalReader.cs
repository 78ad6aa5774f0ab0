using Maintenance.Jobs.Definition;
using Maintenance.Schedules;

namespace Maintenance.Jobs.Approvals;

/// <summary>Reads the member <c>approval</c> of a step, or of what comes between two waves.</summary>
static class ApprovalReader
{
    public const int PeopleMax = 20;

    /// <summary>Each reminder is a few events of the run's history, which has a limit.</summary>
    public const int RemindersMax = 500;

    static readonly TimeSpan _shortest = TimeSpan.FromSeconds(1);

    public static ApprovalStep Read(ObjectReader approval, ReadingContext context)
    {
        if (approval.Required("message") is { } message)
            context.Known.Check(message);
        var read = new ApprovalStep
        {
            Message = approval.String("message") ?? "",
            Timeout = ReadExpiry(approval),
            ContinueOnTimeout = approval.OneOf("onTimeout", "fail", "continue") == "continue",
            Approvers = ReadPeople(approval, "approvers", context),
            Count = approval.Int("count", 1, PeopleMax) ?? 1,
            FourEyes = approval.Bool("fourEyes") ?? true,
            Verified = approval.Bool("verified") ?? false,
            RemindEvery = approval.Duration("remindEvery", min: _shortest),
            Escalate = ReadEscalation(approval, context),
            Evidence = ReadEvidence(approval, context),
            Recheck = ReadRecheck(approval, context),
        };
        Check(approval, read, context);
        approval.Close();
        return read;
    }

    /// <summary>'timeout' is what 'expiresAfter' was called first.</summary>
    static TimeSpan ReadExpiry(ObjectReader approval)
    {
        var (expiry, timeout) = (approval.Duration("expiresAfter", min: _shortest), approval.Duration("timeout", min: _shortest));
        if (approval.Value("expiresAfter") is not null && approval.Value("timeout") is { } twice)
            approval.Problems.Add(
                twice, ReadingCodes.DuplicateMember, "'timeout' and 'expiresAfter' mean the same.", "Keep 'expiresAfter'.");
        return expiry ?? timeout ?? JobDefaults.ApprovalTimeout;
    }

    static EscalationPlan? ReadEscalation(ObjectReader approval, ReadingContext context)
    {
        if (approval.Object("escalate") is not { } escalate)
            return null;
        _ = escalate.Required("after");
        _ = escalate.Required("to");
        var plan = new EscalationPlan(escalate.Duration("after", min: _shortest) ?? _shortest, ReadPeople(escalate, "to", context));
        escalate.Close();
        return plan;
    }

    static void Check(ObjectReader approval, ApprovalStep read, ReadingContext context)
    {
        if (read.RemindEvery is { } every && read.Timeout / every > RemindersMax)
            context.Problems.Add(
                approval.Value("remindEvery")!, ReadingCodes.OutOfRange, $"That is more than {RemindersMax} reminders.", "Remind less often.");
        if (read.Escalate is { } escalate && escalate.After >= read.Timeout)
            context.Problems.Add(
                approval.Value("escalate")!, ReadingCodes.OutOfRange, "The question is over before it is escalated.",
                $"Escalate sooner than after {Durations.Format(read.Timeout)}, or let it expire later.");
        if (read.Verified && context.People is { } people && people.All.Values.All(p => p.Keys.Count == 0))
            context.Problems.Add(
                approval.Value("verified")!, JobCodes.BadApprover, $"Nobody could answer: no person of jobs/{People.FileName} has a key.",
                "Make one with `maintenance people key NAME`, and add what it prints.");
        // Who may answer is known here only where every approver is one person.
        var named = read.Approvers.Concat(read.Escalate?.To ?? []).Distinct().ToList();
        if (read.Approvers.Count > 0 && named.Count < read.Count && !named.Any(n => n.StartsWith(People.GroupPrefix, StringComparison.Ordinal)))
            context.Problems.Add(
                approval.Value("count")!, ReadingCodes.OutOfRange, $"{read.Count} people have to approve, and {named.Count} may.",
                "Name more approvers, or a group.");
    }

    static IReadOnlyList<string> ReadPeople(ObjectReader reader, string member, ReadingContext context)
    {
        var nodes = reader.List(member);
        if (nodes.Count > PeopleMax || (nodes.Count == 0 && reader.Value(member) is { Kind: NodeKind.Array }))
            context.Problems.Add(
                reader.Value(member)!, ReadingCodes.OutOfRange, $"Expected one to {PeopleMax} people or groups, found {nodes.Count}.",
                """Write ["ann", "group:dba"].""");
        return [.. nodes.Select(n => ReadPerson(n, context)).OfType<string>()];
    }

    static string? ReadPerson(Node node, ReadingContext context)
    {
        var text = node.Kind == NodeKind.String ? node.Text : "";
        var isGroup = text.StartsWith(People.GroupPrefix, StringComparison.Ordinal);
        var name = isGroup ? text[People.GroupPrefix.Length..] : text;
        if (!PeopleReader.IsName(name))
        {
            context.Problems.Add(
                node, JobCodes.BadApprover, $"Expected a person or a group, found {node.Describe()}.",
                """Write "ann", or "group:dba" for a group of people.json.""");
            return null;
        }

        if (context.People is { } people && !(isGroup ? people.Groups.ContainsKey(name) : people.All.ContainsKey(name)))
            context.Problems.Add(
                node, JobCodes.BadApprover, $"jobs/{People.FileName} declares no {(isGroup ? "group" : "person")} '{name}'.",
                NearestName.Suggest(name, [.. isGroup ? people.Groups.Keys : people.All.Keys]));
        return text;
    }

    /// <summary>What is not shown to who answers cannot be compared with what he saw.</summary>
    static IReadOnlyList<string> ReadRecheck(ObjectReader approval, ReadingContext context)
    {
        var evidence = approval.Strings("evidence");
        foreach (var node in approval.List("recheck"))
        {
            context.Known.CheckRepeatable(node);
            if (evidence.Count > 0 && node.Kind == NodeKind.String && !evidence.Contains(node.Text))
                context.Problems.Add(
                    node, JobCodes.NotForThisKind, $"The step '{node.Text}' is not among the evidence.",
                    "Add it to 'evidence', or take that away: then all steps before are.");
        }

        return approval.Strings("recheck");
    }

    /// <summary>Steps by name, or texts with references.</summary>
    static IReadOnlyList<string> ReadEvidence(ObjectReader approval, ReadingContext context)
    {
        foreach (var node in approval.List("evidence"))
        {
            if (node.Kind == NodeKind.String && node.Text.Contains("${", StringComparison.Ordinal))
                context.Known.Check(node);
            else
                context.Known.CheckStep(node);
        }

        return approval.Strings("evidence");
    }
}
