using System.CommandLine;
using Maintenance.Records;

namespace Maintenance.Host.Cli.Commands;

/// <summary>
/// <c>maintenance evidence RUN</c> shows what proves a run; <c>evidence verify</c> compares all runs with the chain that was made as they
/// finished.
/// </summary>
static class EvidenceCommand
{
    static readonly Argument<string?> Run = new("RUN")
    {
        Description = "Run id, its beginning, or a workflow id", Arity = ArgumentArity.ZeroOrOne,
    };
    static readonly Option<string> Out = new("--out")
    {
        Description = "Write the evidence and the outputs into this new folder", HelpName = "DIR",
    };
    static readonly Option<string> Since = new("--since")
    {
        Description = "Only runs that finished since this time, or so long ago such as 7d", HelpName = "TIME",
    };

    public static Command Create(Terminal terminal)
    {
        var verify = new Command(
            "verify",
            "Find records that were changed, removed or inserted behind the program's back; exit code 1 when there are") { Since };
        verify.SetAction((parsed, cancellationToken) => VerifyAsync(parsed, terminal, cancellationToken));
        var command = new Command("evidence", "Show what proves a run: who, what, when, with which files and outcome") { Run, Out, verify };
        command.SetAction((parsed, cancellationToken) => ShowAsync(parsed, terminal, cancellationToken));
        return command;
    }

    static async Task<int> ShowAsync(ParseResult parsed, Terminal terminal, CancellationToken cancellationToken)
    {
        if (parsed.GetValue(Run) is not { } name)
            throw new CommandFailure(ExitCode.Usage, "name a run, or say `maintenance evidence verify`.");

        await using var store = await RecordsAccess.OpenAsync(parsed.ReadSettings().Settings, cancellationToken);
        var run = await RecordsAccess.FindAsync(store, name, cancellationToken);
        if (run.FinishedAt is null)
            throw new CommandFailure(
                ExitCode.Failed,
                $"run {RunText.ShortId(run.RunId)} has not finished; `maintenance status {RunText.ShortId(run.RunId)}` says what it does.");

        var evidence = await RunEvidence.ReadAsync(store, run, cancellationToken);
        if (parsed.GetValue(Out) is { } folder)
            terminal.Say(
                $"{await EvidenceFolder.WriteAsync(evidence, store, folder, cancellationToken)} files are in {Path.GetFullPath(folder)}; "
                    + "`sha256sum -c SHA256SUMS` there compares them");
        if (parsed.WantsJson())
            terminal.ResultJson(evidence.ToJson());
        else if (parsed.GetValue(Out) is null)
            Print(evidence, terminal);
        terminal.Say(evidence.Statement);
        return evidence.State == EvidenceState.Changed ? ExitCode.Failed : ExitCode.Ok;
    }

    static void Print(RunEvidence evidence, Terminal terminal)
    {
        foreach (var line in evidence.Text.Lines)
            terminal.Result(line);
        if (evidence.Link is { } link)
        {
            terminal.Result($"chain.sequence={link.Sequence}");
            terminal.Result($"chain.contentSha256={link.ContentHash}");
            terminal.Result($"chain.previousSha256={link.PreviousHash}");
            terminal.Result($"chain.sha256={link.Hash}");
        }

        foreach (var act in evidence.Audit)
            terminal.Result(
                $"audit {RunText.Time(act.At)} {act.Who}{(act.Verified ? "" : " (unverified)")}: {act.Action}{(act.Reason is { } reason ? $": {reason}" : "")}");
    }

    static async Task<int> VerifyAsync(ParseResult parsed, Terminal terminal, CancellationToken cancellationToken)
    {
        DateTimeOffset? since = parsed.GetValue(Since) is { } text ? MomentText.Past(text) : null;
        await using var store = await RecordsAccess.OpenAsync(parsed.ReadSettings().Settings, cancellationToken);
        var report = await new EvidenceVerification(store).RunAsync(since, cancellationToken);
        if (parsed.WantsJson())
            terminal.ResultJson(report);
        else
            Print(report, terminal);
        return report.Findings.Count == 0 ? ExitCode.Ok : ExitCode.Failed;
    }

    static void Print(EvidenceReport report, Terminal terminal)
    {
        foreach (var finding in report.Findings)
        {
            var link = finding.Sequence is { } sequence ? $"link {sequence}" : "no link";
            terminal.Result(finding.RunId is { } run ? $"! run {run} ({link}): {finding.What}" : $"! {link}: {finding.What}");
        }

        foreach (var run in report.Rewritten)
            terminal.Result($"= run {run} was recorded again later with another content; its newest link counts");
        terminal.Result(
            $"{report.Links} links, {report.Runs} runs compared, {report.Pruned} deleted by retention, {report.OutputsGone} outputs "
                + "deleted");
        terminal.Result($"head {report.Head.Sequence} {report.Head.Hash}");
        terminal.Say(report.Findings.Count == 0
            ? "All is as it was recorded. Keep the head elsewhere: it proves later that nothing up to here was changed."
            : "`maintenance records rebuild RUN` writes a run's record again from its history, where the server still has it.");
    }
}
