using System.Text.RegularExpressions;
using Maintenance.Jobs.Approvals;
using Maintenance.Jobs.Attempts;
using Maintenance.Schedules;

namespace Maintenance.Jobs.Definition;

/// <summary>Reads what a step does: one method for each kind.</summary>
sealed partial class StepKindReader(ReadingContext context)
{
    static readonly string[] _waits = ["for", "until", "command"];

    readonly CallReader _calls = new(context);

    ProblemList Problems => context.Problems;

    public StepDefinition Read(ObjectReader step, string? kind, string name, bool inFinally) => kind switch
    {
        StepKinds.Run => new StepDefinition
        {
            Name = name, Run = ReadScript(step, step.RequiredString("run") ?? "", step.Value("run")), Restarts = ReadRestarts(step),
        },
        StepKinds.Approval => new StepDefinition { Name = name, Approval = ReadApproval(step, inFinally) },
        StepKinds.Wait => new StepDefinition { Name = name, Wait = ReadWait(step) },
        StepKinds.Http => new StepDefinition { Name = name, Http = _calls.ReadHttp(step) },
        StepKinds.Sql => new StepDefinition { Name = name, Sql = _calls.ReadSql(step) },
        StepKinds.Job => new StepDefinition { Name = name, Job = _calls.ReadJob(step) },
        StepKinds.Activity => new StepDefinition { Name = name, Activity = _calls.ReadActivity(step) },
        StepKinds.Reboot => ReadReboot(step, name),
        _ => new StepDefinition { Name = name, Wait = new WaitStep { For = TimeSpan.Zero } },
    };

    /// <summary>A script with its surroundings; the members stand beside the script's own.</summary>
    RunStep ReadScript(ObjectReader reader, string script, Node? node)
    {
        CheckScript(node, script);
        var environment = reader.StringMap("env");
        foreach (var member in reader.Members("env"))
        {
            CheckVariable(member);
            context.Known.Check(member.Value);
        }

        foreach (var member in reader.Members("secrets"))
            CheckVariable(member);

        foreach (var argument in reader.List("args"))
            context.Known.Check(argument);
        foreach (var file in reader.List("files"))
            CheckFile(file, file.Text);
        return new RunStep
        {
            Script = script,
            Arguments = reader.Strings("args"),
            Environment = environment,
            Secrets = SecretsReader.Read(reader, context.Known, Problems),
            Files = reader.Strings("files"),
            StopGrace = reader.Duration("stopGrace") ?? JobDefaults.StopGrace,
            RunAs = reader.String("runAs"),
            Limits = LimitsReader.Read(reader, Problems),
        };
    }

    RestartPlan? ReadRestarts(ObjectReader step)
    {
        if (step.Value("restarts") is not { } node)
            return null;
        if (node.Kind == NodeKind.String)
        {
            var word = step.OneOf("restarts", "host", "runner");
            return word is null ? null : new RestartPlan { Part = word == "host" ? RestartedPart.Host : RestartedPart.Runner };
        }

        if (ObjectReader.Open(node, Problems, "host, runner, or an object") is not { } reader)
            return null;
        var part = reader.Required("part") is null ? null : reader.OneOf("part", "host", "runner", "service");
        var plan = new RestartPlan
        {
            Part = part is null ? RestartedPart.Host : Enum.Parse<RestartedPart>(part, ignoreCase: true),
            Unit = reader.String("unit"),
            PidFile = reader.String("pidFile"),
            Timeout = reader.Duration("timeout", min: TimeSpan.FromSeconds(1)) ?? JobDefaults.RestartTimeout,
        };
        if (plan.Part == RestartedPart.Service == (plan.Unit is null == (plan.PidFile is null)))
            Problems.Add(
                node, JobCodes.NotForThisKind, "A service is known by its unit or by its pid file, and only a service is.",
                """Write { "part": "service", "unit": "nginx.service" }.""");
        reader.Close();
        return plan;
    }

    StepDefinition ReadReboot(ObjectReader step, string name)
    {
        if (step.Object("reboot") is not { } reboot)
            return new StepDefinition { Name = name, Wait = new WaitStep { For = TimeSpan.Zero } };
        var command = reboot.String("command");
        var script = ReadScript(reboot, command ?? RebootScript.Name, command is null ? null : reboot.Value("command"));
        var plan = new RestartPlan
        {
            Part = RestartedPart.Host, Timeout = reboot.Duration("timeout", min: TimeSpan.FromSeconds(1)) ?? JobDefaults.RestartTimeout,
        };
        reboot.Close();
        return new StepDefinition
        {
            Name = name, IsReboot = true, Run = script with { Text = command is null ? RebootScript.Text : null }, Restarts = plan,
        };
    }

    ApprovalStep ReadApproval(ObjectReader step, bool inFinally)
    {
        if (inFinally)
            Problems.Add(step.Node, JobCodes.NotForThisKind, "An approval in 'finally' would keep a failed run open.", "Ask in 'steps'.");
        return step.Object("approval") is { } approval ? ApprovalReader.Read(approval, context) : new ApprovalStep { Message = "" };
    }

    WaitStep ReadWait(ObjectReader step)
    {
        if (step.Value("wait") is { Kind: not NodeKind.Object })
            return new WaitStep { For = step.Duration("wait") ?? TimeSpan.Zero };
        var wait = step.Object("wait")!;
        var ways = _waits.Where(w => wait.Value(w) is not null).ToList();
        if (ways.Count != 1)
            Problems.Add(
                wait.Node, JobCodes.NoKind, "A wait has exactly one of for, until and command.",
                """Write "wait": { "until": "22:00", "timeZone": "Europe/Berlin" }.""");
        context.Known.Check(wait.Value("until"));
        var read = new WaitStep
        {
            For = wait.Duration("for"),
            Until = wait.String("until"),
            TimeZone = new ControlReader(context).ReadZone(wait, required: wait.Value("until") is not null),
            Command = wait.String("command") is { } command ? ReadScript(wait, command, wait.Value("command")) : null,
            Interval = wait.Duration("interval", min: TimeSpan.FromMilliseconds(100)) ?? JobDefaults.WaitInterval,
            Timeout = wait.Duration("timeout", min: TimeSpan.FromSeconds(1)) ?? JobDefaults.WaitTimeout,
        };
        if (read.Until is { } until && !until.Contains("${", StringComparison.Ordinal) && MomentText.Parse(until) is null)
            Problems.Add(wait.Value("until")!, ReadingCodes.OutOfRange, $"'{until}' is no time.", MomentText.Example);
        if (read.Command is not null && read.Timeout / read.Interval > WaitChecksMax)
            Problems.Add(
                wait.Node, ReadingCodes.OutOfRange, $"That is more than {WaitChecksMax} looks at the condition.",
                "Look less often, or let the script itself wait.");
        wait.Close();
        return read;
    }

    /// <summary>Each look is a few events of the run's history, which has a limit.</summary>
    const int WaitChecksMax = 3000;

    public void CheckScript(Node? node, string script)
    {
        if (node is null || script.Length == 0 || !CheckFile(node, script) || !context.Files.TryGetValue(script, out var text))
            return;
        if (Interpreter.ShebangOf(text) is null)
            Problems.Add(
                node, JobCodes.NoInterpreter, $"{script} does not begin with '#!', so it is not known what runs it.",
                "Begin it with a line such as #!/bin/bash or #!/usr/bin/env python3.");
    }

    /// <summary>False when the name itself is wrong; a file that is not there is reported too.</summary>
    bool CheckFile(Node node, string name) => FileCheck.Check(context, node, name);

    void CheckVariable(NodeMember member)
    {
        if (!VariablePattern().IsMatch(member.Name) || member.Name.StartsWith("MAINTENANCE_", StringComparison.Ordinal))
            Problems.Add(
                member.NamePosition, JobCodes.BadVariableName, member.Value.Path, $"'{member.Name}' cannot be the name of a variable here.",
                "Use letters, digits and '_', not beginning with a digit or MAINTENANCE_.");
    }

    [GeneratedRegex("^[A-Za-z_][A-Za-z0-9_]*$")]
    private static partial Regex VariablePattern();
}

/// <summary>What a <c>reboot</c> step runs unless it names a command of its own.</summary>
static class RebootScript
{
    public const string Name = "reboot.sh";

    /// <summary>Asks and leaves at once: systemd then ends everything, the supervisor of this script included.</summary>
    public const string Text = "#!/bin/sh\nset -eu\nexec systemctl --no-wall reboot\n";
}

static class FileCheck
{
    public static bool Check(ReadingContext context, Node node, string name)
    {
        if (name.Contains('/') || name is "." or ".." or JobFolder.FileName or Inventory.FileName)
        {
            context.Problems.Add(
                node, JobCodes.OutsideFolder, $"'{name}' is no file beside job.json.",
                "Put the file into the job's folder and write its plain name.");
            return false;
        }

        if (!context.Files.ContainsKey(name))
            context.Problems.Add(
                node, JobCodes.FileMissing, $"There is no file '{name}' beside job.json, or it cannot be read.",
                NearestName.Suggest(name, [.. context.Files.Keys.Where(file => file is not (Inventory.FileName or People.FileName))]));
        return true;
    }
}
