using System.Globalization;
using Maintenance.Jobs.Approvals;
using Maintenance.Schedules;

namespace Maintenance.Jobs.Definition;

/// <summary>Reads what may stand on any step: retry, when, runsOn, forEach and its waves, window.</summary>
sealed class ControlReader(ReadingContext context)
{
    const int AttemptsMax = 1000;
    static readonly string[] _days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

    ProblemList Problems => context.Problems;

    public RetryPlan ReadRetry(ObjectReader step, string? kind)
    {
        if (step.Object("retry") is not { } retry)
            return new RetryPlan();
        if (kind == StepKinds.Approval)
            Problems.Add(
                retry.Node, JobCodes.NotForThisKind, "A question is not asked again.", "Take 'retry' away; give the approval a timeout.");
        var plan = new RetryPlan
        {
            Attempts = retry.Int("attempts", 1, AttemptsMax) ?? 1,
            Initial = retry.Duration("initial") ?? JobDefaults.RetryInitial,
            Backoff = retry.Number("backoff", 1, 100) ?? JobDefaults.RetryBackoff,
            Max = retry.Duration("max") ?? JobDefaults.RetryMax,
            Jitter = retry.Number("jitter", 0, 1) ?? 0,
            StopOnExitCodes = ReadExitCodes(retry, "stopOnExitCodes"),
            OnlyOnExitCodes = ReadExitCodes(retry, "onlyOnExitCodes"),
        };
        retry.Close();
        return plan;
    }

    List<int> ReadExitCodes(ObjectReader retry, string member)
    {
        var codes = new List<int>();
        foreach (var node in retry.List(member))
        {
            if (node.Kind == NodeKind.Number && int.TryParse(node.Text, out var code) && code is >= 0 and <= 255)
                codes.Add(code);
            else
                Problems.Add(
                    node, ReadingCodes.OutOfRange, $"Expected an exit code, found {node.Describe()}.",
                    "Write whole numbers from 0 to 255.");
        }

        return codes;
    }

    public string? ReadWhen(ObjectReader step)
    {
        if (step.String("when") is not { } when || step.Value("when") is not { } node)
            return null;
        try
        {
            foreach (var reference in Condition.Parse(when).References())
                context.Known.Check(node, reference);
        }
        catch (ConditionException wrong)
        {
            Problems.Add(
                node.Position with { Column = node.Position.Column + wrong.Column }, JobCodes.BadCondition, node.Path,
                $"It is no condition: {wrong.Message}.",
                "Compare as in: ${steps.list.outputs.pending} > 0 and ${input.mode} in ['all', 'security'].");
        }

        return when;
    }

    /// <summary>A name or id, or a selection of which one host is taken.</summary>
    public StepDefinition ReadRunsOn(ObjectReader step, string? kind, StepDefinition read)
    {
        if (step.Value("runsOn") is not { } node)
            return read;
        if (kind is StepKinds.Approval || read.Wait is { Command: null })
            Problems.Add(node, JobCodes.NotForThisKind, $"A step of the kind '{kind}' runs on no host.", "Take 'runsOn' away.");
        if (node.Kind == NodeKind.Object)
            return read with { RunsOnAny = ReadSelection(ObjectReader.Open(node, Problems)!) };
        context.Known.Check(node);
        return read with { RunsOn = step.String("runsOn") };
    }

    public ForEachPlan? ReadForEach(ObjectReader step)
    {
        if (step.Value("forEach") is not { } node)
            return null;
        var plan = ReadItems(node);
        var between = step.Object("between");
        plan = plan with
        {
            MaxParallel = step.Int("maxParallel", 1, 1000) ?? 1,
            Waves = [.. step.List("waves").Select(w => ReadShare(w, atLeast: 1))],
            FailureBudget = step.Value("failureBudget") is { } budget ? ReadShare(budget, atLeast: 0) : new Share(0, IsPercent: false),
            PauseBetween = between?.Duration("wait"),
            ApprovalBetween = between?.Object("approval") is { } question ? ApprovalReader.Read(question, context) : null,
        };
        between?.Close();
        if (between is not null && plan.Waves.Count == 0)
            Problems.Add(
                between.Node, JobCodes.NotForThisKind, "Without 'waves' there is nothing between them.", """Add "waves": [1, "25%"].""");
        return plan;
    }

    ForEachPlan ReadItems(Node node)
    {
        switch (node.Kind)
        {
            case NodeKind.Array:
                foreach (var item in node.Items)
                    context.Known.Check(item);
                return new ForEachPlan
                {
                    List = [.. node.Items.Where(i => i.Kind is NodeKind.String or NodeKind.Number).Select(i => i.Text)],
                };
            case NodeKind.String when ReferenceText.Read(node.Text).References is [var only] && node.Text == "${" + only + "}":
                context.Known.Check(node);
                return new ForEachPlan { Items = node.Text };
            case NodeKind.Object when ObjectReader.Open(node, Problems) is { } reader:
                var hosts = reader.Required("hosts") is not null ? reader.Object("hosts") : null;
                var plan = new ForEachPlan { Hosts = hosts is null ? new HostSelection() : ReadSelection(hosts) };
                reader.Close();
                return plan;
            default:
                Problems.Add(
                    node, ReadingCodes.WrongType, $"Expected a list, one reference to a list, or hosts; found {node.Describe()}.",
                    """Write ["a", "b"], "${input.NAME}", or { "hosts": { "group": "web" } }.""");
                return new ForEachPlan();
        }
    }

    HostSelection ReadSelection(ObjectReader hosts)
    {
        foreach (var name in hosts.List("names").Concat(hosts.List("except")))
            context.Known.Check(name);
        var selection = new HostSelection
        {
            Labels = hosts.StringMap("labels"), Group = hosts.String("group"), Names = hosts.Strings("names"),
            Except = hosts.Strings("except"),
        };
        hosts.Close();
        CheckInventory(hosts.Node, selection);
        return selection;
    }

    void CheckInventory(Node node, HostSelection selection)
    {
        if (!context.Files.TryGetValue(Inventory.FileName, out var text))
        {
            Problems.Add(
                node, JobCodes.NoInventory, "There is no inventory to choose hosts from.",
                """Write jobs/hosts.json: { "hosts": { "web-1": { "labels": { "role": "web" } } } }.""");
            return;
        }

        // A broken inventory is reported by its own file.
        if (InventoryReader.Read(text, Inventory.FileName).Value is { } inventory)
            HostChoice.Check(inventory, selection, node, Problems);
    }

    Share ReadShare(Node node, int atLeast)
    {
        if (node.Kind is NodeKind.Number or NodeKind.String && Share.Parse(node.Text) is { } share && share.Value >= atLeast)
            return share;
        Problems.Add(
            node, ReadingCodes.OutOfRange, $"Expected a number of targets or a part of them, found {node.Describe()}.",
            """Write 1 or "25%".""");
        return new Share(1, IsPercent: false);
    }

    public WindowPlan? ReadWindow(ObjectReader step)
    {
        if (step.Object("window") is not { } window)
            return null;
        var outside = window.OneOf("outside", "wait", "skip", "fail");
        var plan = new WindowPlan
        {
            From = ReadTime(window, "from"),
            To = ReadTime(window, "to"),
            TimeZone = ReadZone(window, required: true) ?? "UTC",
            Days = [.. window.List("days").Select(ReadDay).OfType<string>()],
            Outside = outside is null ? OutsideWindow.Wait : Enum.Parse<OutsideWindow>(outside, ignoreCase: true),
        };
        window.Close();
        return plan;
    }

    string ReadTime(ObjectReader window, string member)
    {
        if (window.RequiredString(member) is not { } text)
            return "00:00";
        if (TimeOnly.TryParseExact(text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out _))
            return text;
        Problems.Add(
            window.Node.Find(member) ?? window.Node, ReadingCodes.OutOfRange, $"'{text}' is no time of day.", "Write one such as 22:00.");
        return "00:00";
    }

    string? ReadDay(Node node)
    {
        if (node.Kind == NodeKind.String && _days.Contains(node.Text))
            return node.Text;
        Problems.Add(node, ReadingCodes.NotOneOf, $"Expected one of {string.Join(", ", _days)}, found {node.Describe()}.");
        return null;
    }

    public string? ReadZone(ObjectReader reader, bool required)
    {
        var zone = required ? reader.RequiredString("timeZone") : reader.String("timeZone");
        if (zone is not null && Zones.Find(zone) is null)
            Problems.Add(
                reader.Node.Find("timeZone") ?? reader.Node, ReadingCodes.UnknownTimeZone, Zones.Unknown(zone), Zones.Suggestion(zone));
        return zone;
    }
}
