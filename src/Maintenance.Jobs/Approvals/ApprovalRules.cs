using Maintenance.Jobs.Definition;
using Maintenance.Records;

namespace Maintenance.Jobs.Approvals;

/// <summary>Whether an answer counts, and what it decides. Pure, because the workflow replays it.</summary>
public static class ApprovalRules
{
    public const string Unknown = "unknown";

    /// <param name="requester">Who started the run; null: nobody did, a schedule started it, or nothing tells.</param>
    /// <returns>Null when it counts, else why not and what to do.</returns>
    public static string? Refusal(ApprovalStep rule, ApprovalRecord open, PersonVerdict person, bool approves, string? requester)
    {
        if (person.Problem is { } problem)
            return problem;
        if (rule.Verified && !person.Verified)
            return "Only signed answers count here. Make a key with `maintenance people key NAME`, have it added to people.json, and "
                + "answer with `maintenance approve`.";
        // Who may answer may always say no, also to what he started himself.
        if (!approves)
            return null;
        if (rule.FourEyes && requester is not null && person.Person.Length == 0)
            return $"{requester} started the run, and somebody else has to approve it: say who you are ({{\"by\": \"NAME\"}}).";
        if (rule.FourEyes && person.IsRequester)
            return $"{person.Name} started the run as {requester}, and somebody else has to approve it (four eyes).";
        var approvals = open.Votes.Where(v => v.Approves).ToList();
        if (rule.Count > 1 && person.Person.Length == 0)
            return $"{rule.Count} different people have to approve: say who you are ({{\"by\": \"NAME\"}}).";
        return approvals.Find(v => Counts(v, person.Person) || (person.OnBehalfOf is { } principal && Counts(v, principal))) is { } earlier
            ? $"{earlier.By}{(earlier.OnBehalfOf is { } of ? $", on behalf of {of}," : "")} has approved "
                + $"already; {More(open.Needed - approvals.Count)} needed."
            : null;
    }

    /// <summary>
    /// Null when anybody may leave the question out; else why it has to be answered. Leaving it out says yes without a proof.
    /// </summary>
    public static string? SkipRefusal(ApprovalStep rule, string? by, string? requester)
    {
        if (rule.Verified || rule.Approvers.Count > 0 || rule.Count > 1)
            return "Not everybody may answer this question, so nobody can skip it. Approve or reject it.";
        return rule.FourEyes && requester is not null && (by is null || People.SameName(by, requester))
            ? $"{requester} started the run, so somebody else has to approve this, or skip it (four eyes)."
            : null;
    }

    /// <summary>One rejection rejects; enough approvals approve; fewer leave the question open.</summary>
    public static ApprovalRecord Count(ApprovalRecord open, ApprovalVote vote)
    {
        var voted = open with { Votes = [.. open.Votes, vote] };
        var approvals = voted.Votes.Where(v => v.Approves).ToList();
        var decision = !vote.Approves ? ApprovalDecision.Rejected
            : approvals.Count >= open.Needed ? ApprovalDecision.Approved
            : ApprovalDecision.Waiting;
        return decision == ApprovalDecision.Waiting
            ? voted
            : voted with
            {
                Decision = decision,
                By = vote.Approves ? string.Join(", ", approvals.Select(v => v.By)) : vote.By,
                Verified = vote.Approves ? approvals.All(v => v.Verified) : vote.Verified,
                Reason = vote.Reason,
                DecidedAt = vote.At,
            };
    }

    static bool Counts(ApprovalVote vote, string person) =>
        People.SameName(vote.By, person) || (vote.OnBehalfOf is { } principal && People.SameName(principal, person));

    static string More(int count) => count == 1 ? "one more person is" : $"{count} more people are";
}
