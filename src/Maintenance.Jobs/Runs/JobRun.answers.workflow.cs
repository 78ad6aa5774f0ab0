using Maintenance.Jobs.Approvals;
using Maintenance.Records;
using Temporalio.Exceptions;
using Temporalio.Workflows;

namespace Maintenance.Jobs.Runs;

/// <summary>
/// Answers to questions: by signal (Temporal UI) or by update, which answers. A name is proved only by a token. Every answer is on record,
/// also one that was refused.
/// </summary>
public sealed partial class JobRunWorkflow
{
    /// <summary>Each is in the history and the record; whoever sends more is told, and no more.</summary>
    const int RefusalsOnRecordMax = 100;

    int _answering;
    int _refusals;

    [WorkflowSignal("approve")]
    public Task ApproveAsync(ApprovalAnswer? answer = null) => AnswerBySignalAsync("approve", answer);

    [WorkflowSignal("reject")]
    public Task RejectAsync(ApprovalAnswer? answer = null) => AnswerBySignalAsync("reject", answer);

    [WorkflowUpdate("approve")]
    public Task<ApprovalRecord> ApproveByUpdateAsync(ApprovalAnswer? answer = null) => AnswerAsync("approve", answer);

    [WorkflowUpdate("reject")]
    public Task<ApprovalRecord> RejectByUpdateAsync(ApprovalAnswer? answer = null) => AnswerAsync("reject", answer);

    /// <summary>Nobody hears what becomes of a signal; the record says it.</summary>
    async Task AnswerBySignalAsync(string verb, ApprovalAnswer? answer)
    {
        try
        {
            await AnswerAsync(verb, answer);
        }
        catch (ApplicationFailureException refused)
        {
            Workflow.Logger.LogAnswerRefused(answer?.By ?? ApprovalRules.Unknown, refused.Message);
        }
    }

    /// <exception cref="ApplicationFailureException">The answer does not count.</exception>
    async Task<ApprovalRecord> AnswerAsync(string verb, ApprovalAnswer? answer)
    {
        // It may come before the run knows what it is.
        await Workflow.WaitConditionAsync(() => _progress?.Begun is not null, CancellationToken.None);
        if (!Workflow.Patched(PeoplePatch))
            return Count(Question(answer), verb, answer, new PersonVerdict { Name = answer?.By ?? ApprovalRules.Unknown, Person = "" });
        _answering++;
        var person = new PersonVerdict { Name = answer?.By ?? ApprovalRules.Unknown, Person = "" };
        try
        {
            var asked = Question(answer);
            person = await IdentifyAsync(verb, answer, asked);
            // Looking took a moment, in which the question may have been answered, or become another.
            var open = Question(answer);
            if (ApprovalRules.Refusal(_openRule!, open, person, verb == "approve", Requester) is { } refusal)
                throw Refused("AnswerRefused", refusal);
            CheckEvidence(open, answer, person);
            if (open.RequestedAt != asked.RequestedAt || open.Position != asked.Position)
                throw Refused("OtherQuestion", "Another question came meanwhile. Look at it, and answer again.");
            var voted = Count(open, verb, answer, person);
            Note(ActionOf(verb, person, open, voted.Votes[^1].Reason));
            return voted;
        }
        catch (ApplicationFailureException refused)
        {
            if (++_refusals <= RefusalsOnRecordMax)
                Note(
                    ActionOf($"{verb} refused", person, _progress!.OpenApproval, refused.Message) with
                    {
                        Step = answer?.Step ?? Progress.OpenApproval?.Step,
                    });
            throw;
        }
        finally
        {
            _answering--;
        }
    }

    ApprovalRecord Question(ApprovalAnswer? answer)
    {
        if (Progress.OpenApproval is not { } open)
            throw Refused(
                "NothingToApprove",
                $"The run waits for no approval now; its phase is '{Progress.Phase}'. Ask the query 'status' what it does.");
        return answer?.Step is { } step && step != open.Step
            ? throw Refused("OtherStep", $"The run waits for an approval of step '{open.Step}', not of '{step}'.")
            : open;
    }

    /// <summary>What was shown to the person must be what waits now.</summary>
    static void CheckEvidence(ApprovalRecord open, ApprovalAnswer? answer, PersonVerdict person)
    {
        var (seen, now) = (person.Verified ? person.Evidence : answer?.Evidence, open.EvidenceHash ?? "");
        if (person.Verified ? seen == now : now.StartsWith(seen ?? "", StringComparison.OrdinalIgnoreCase))
            return;
        var changes = answer is { Seen.Count: > 0 } ? $" What changed: {ApprovalEvidence.Changes(answer.Seen, open.Evidence)}." : "";
        throw Refused(
            "OtherEvidence",
            $"The answer is for evidence {ApprovalEvidence.Short(seen)}, and what waits now "
                + $"is {ApprovalEvidence.Short(open.EvidenceHash)}.{changes} Look at it, and answer again.");
    }

    ApprovalRecord Count(ApprovalRecord open, string verb, ApprovalAnswer? answer, PersonVerdict person)
    {
        var vote = new ApprovalVote
        {
            At = Now(), By = person.Name, Verified = person.Verified, Approves = verb == "approve",
            Reason = person.Verified ? person.Reason : answer?.Reason, OnBehalfOf = person.OnBehalfOf, PeopleHash = person.PeopleHash,
            Token = person.Verified ? answer?.Token : null,
        };
        Progress.Answer(a => ApprovalRules.Count(a, vote));
        return Progress.ApprovalAt(open.Position) ?? throw new InvalidOperationException("The answer was taken and left no record.");
    }

    async Task<PersonVerdict> IdentifyAsync(string verb, ApprovalAnswer? answer, ApprovalRecord open)
    {
        var claim = new PersonClaim
        {
            Answer = verb, RunId = Request.RunId, Step = open.Step, By = string.IsNullOrWhiteSpace(answer?.By) ? null : answer.By,
            Token = answer?.Token, Approvers = open.Approvers, Requester = Requester, FourEyes = _openRule!.FourEyes,
        };
        try
        {
            return await Workflow.ExecuteActivityAsync(
                (PeopleActivities a) => a.IdentifyAsync(claim),
                new ActivityOptions
                {
                    StartToCloseTimeout = TimeSpan.FromSeconds(30),
                    ScheduleToCloseTimeout = TimeSpan.FromMinutes(10),
                    RetryPolicy = RunPolicies.Infrastructure,
                    CancellationToken = CancellationToken.None,
                    Summary = $"who says {verb}",
                });
        }
        catch (ActivityFailureException failed)
        {
            throw Refused(
                "NotIdentified",
                $"It could not be looked up who answers: {failed.InnerException?.Message ?? failed.Message} Answer again.");
        }
    }

    static RunAction ActionOf(string action, PersonVerdict person, ApprovalRecord? open, string? reason) => new()
    {
        At = Now(), Action = action, By = person.Name, Verified = person.Verified, Step = open?.Step, Evidence = open?.EvidenceHash,
        Reason = reason,
    };

    static ApplicationFailureException Refused(string kind, string why) => new(why, kind, nonRetryable: true);
}
