using System.CommandLine;
using Maintenance.Jobs.Approvals;
using Maintenance.Jobs.Runs;
using Maintenance.Records;
using Temporalio.Client;

namespace Maintenance.Host.Cli.Commands;

/// <summary>
/// <c>maintenance approve RUN</c> and <c>maintenance reject RUN</c> show what a run waits with, and answer: signed where the person has a
/// key, and for exactly what was shown.
/// </summary>
static class DecideCommands
{
    /// <summary>Longer than the way to the server takes; much shorter than a question is open.</summary>
    static readonly TimeSpan SignatureTime = TimeSpan.FromMinutes(10);

    const int EvidenceCharsMin = 8;

    public static Command Approve(Terminal terminal) => Create(terminal, "approve", "Let a waiting run go on", "approved");

    public static Command Reject(Terminal terminal) => Create(terminal, "reject", "Stop a waiting run", "rejected");

    static Command Create(Terminal terminal, string verb, string description, string done)
    {
        var run = new Argument<string>("RUN") { Description = "Run id, its beginning, or a workflow id" };
        var reason = new Option<string>("--reason") { Description = "Why; it is recorded", HelpName = "TEXT" };
        var step = new Option<string>("--step") { Description = "The step that must be the one that asks", HelpName = "NAME" };
        var evidence = new Option<string>("--evidence")
        {
            Description = "Only if this is what waits: the hash, or its beginning, that a message or `status` showed", HelpName = "HASH",
        };
        var key = PersonKeyFile.CreateOption("Key to sign with");
        var command = new Command(verb, description) { run, reason, step, evidence, key };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var name = parsed.GetValue(run)!;
            var handle = await OpenRun.FindAsync(parsed.ReadSettings().Settings, name, cancellationToken);
            var status = await WorkflowCalls.RunAsync(name, () => handle.QueryAsync<RunStatusView>("status", []));
            using var signer = PersonKeyFile.Find(parsed.GetValue(key));
            var answer = new ApprovalAnswer
            {
                By = TemporalAccess.Person, Reason = parsed.GetValue(reason), Step = parsed.GetValue(step) ?? status.Question?.Step,
            };
            if (status.Question is { } question)
            {
                ApprovalText.Tell(question, terminal);
                CheckWanted(parsed.GetValue(evidence), question);
                answer = answer with { Evidence = question.Evidence, Seen = question.Parts.ToDictionary(p => p.Name, p => p.Digest) };
                if (signer is not null && answer.Step == question.Step)
                    answer = answer with { Token = signer.Sign(Claims(verb, status.RunId, question, answer)) };
            }

            var voted = await WorkflowCalls.RunAsync(name, () => handle.ExecuteUpdateAsync<ApprovalRecord>(verb, [answer]));
            Say(terminal, parsed.WantsJson(), handle, voted, done);
            return ExitCode.Ok;
        });
        return command;
    }

    /// <summary>What somebody looked at in a message may have become another question.</summary>
    static void CheckWanted(string? evidence, QuestionView question)
    {
        if (evidence is { Length: < EvidenceCharsMin })
            throw new CommandFailure(ExitCode.Usage, $"--evidence needs at least {EvidenceCharsMin} characters of the hash.");
        if (evidence is not null && question.Evidence?.StartsWith(evidence, StringComparison.OrdinalIgnoreCase) != true)
            throw new CommandFailure(
                ExitCode.Failed,
                $"what waits now, shown above, is {question.Evidence ?? "without evidence"} and not {evidence}; nothing was answered.");
    }

    static ApprovalClaims Claims(string verb, string runId, QuestionView question, ApprovalAnswer answer)
    {
        var now = TimeProvider.System.GetUtcNow();
        return new()
        {
            Answer = verb, RunId = runId, Step = question.Step, Evidence = question.Evidence ?? "", Reason = answer.Reason,
            IssuedAt = now.ToUnixTimeSeconds(), ExpiresAt = (now + SignatureTime).ToUnixTimeSeconds(),
        };
    }

    static void Say(Terminal terminal, bool json, WorkflowHandle handle, ApprovalRecord voted, string done)
    {
        var vote = voted.Votes[^1];
        var missing = voted.Decision == ApprovalDecision.Waiting ? voted.Needed - voted.Votes.Count(v => v.Approves) : 0;
        if (json)
            terminal.ResultJson(new
            {
                workflowId = handle.Id, runId = handle.RunId, decision = done, by = vote.By, verified = vote.Verified,
                onBehalfOf = vote.OnBehalfOf,
                evidence = voted.EvidenceHash, missing,
            });
        else
            terminal.Result(
                $"{done} as {vote.By}{(vote.Verified ? "" : " (unverified)")}{(vote.OnBehalfOf is { } of ? $" on behalf of {of}" : "")}"
                + (missing > 0 ? $"; {missing} more needed" : ""));
    }
}
