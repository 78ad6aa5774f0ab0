using Maintenance.Jobs.Bundles;
using Maintenance.Records;
using Temporalio.Activities;

namespace Maintenance.Jobs.Approvals;

/// <summary>Looks up who somebody is. What is wrong with what he says is a value, not an exception.</summary>
public sealed class PeopleActivities(IRunStore store, BundleCache cache, TimeProvider time)
{
    [Activity("identify")]
    public async Task<PersonVerdict> IdentifyAsync(PersonClaim claim)
    {
        var record = await cache.PeopleAsync(store, ActivityExecutionContext.Current.CancellationToken);
        if (record is null)
            return Identify(claim, People.Nobody, time.GetUtcNow());
        var read = PeopleReader.Read(record.Content, People.FileName);
        return read.Ok
            ? Identify(claim, read.Value, time.GetUtcNow()) with { PeopleHash = record.Hash }
            : Refused(
                claim.By,
                $"This version cannot read the {People.FileName} that was applied: {read.Problems[0]} Put it right, apply, and answer "
                    + "again.");
    }

    internal static PersonVerdict Identify(PersonClaim claim, People people, DateTimeOffset now)
    {
        var (verdict, claims) = (
            new PersonVerdict { Name = claim.By ?? ApprovalRules.Unknown, Person = claim.By is { } by ? people.NameOf(by) : "" },
            (ApprovalClaims?)null);
        if (claim.Token is { Length: > 0 } token)
        {
            (claims, var person, var problem) = ApprovalToken.Open(token, people, now);
            if (problem.Length > 0 || claims is null || person is null)
                return Refused(claim.By ?? claims?.Person, problem);
            verdict = new PersonVerdict
            {
                Name = person.Name, Person = person.Name, Verified = true, Evidence = claims.Evidence, Reason = claims.Reason,
            };
            if (OtherQuestion(claim, claims) is { } other)
                return verdict with { Problem = other };
        }

        verdict = verdict with
        {
            IsRequester = claim.Requester is { } requester && verdict.Person.Length > 0
                && People.SameName(people.NameOf(requester), verdict.Person),
        };
        return claim.Approvers.Count == 0 ? verdict : AmongApprovers(claim, people, verdict, DateOnly.FromDateTime(now.UtcDateTime));
    }

    /// <summary>A signature under one answer is none under another.</summary>
    static string? OtherQuestion(PersonClaim claim, ApprovalClaims signed) =>
        signed.RunId != claim.RunId ? $"The token is for run {signed.RunId}, not for this one."
        : signed.Step != claim.Step ? $"The token is for step '{signed.Step}', and it is '{claim.Step}' that asks now."
        : signed.Answer != claim.Answer ? $"The token says {signed.Answer}, not {claim.Answer}."
        : null;

    static PersonVerdict AmongApprovers(PersonClaim claim, People people, PersonVerdict verdict, DateOnly day)
    {
        if (verdict.Person.Length == 0)
            return verdict with
            {
                Problem = $"Only {string.Join(", ", claim.Approvers)} may answer: say who you are ({{\"by\": \"NAME\"}}).",
            };
        var requester = claim is { FourEyes: true, Requester: { } who } ? people.NameOf(who) : null;
        if (people.ApproverBehind(verdict.Person, claim.Approvers, day, requester) is { } approver)
            return People.SameName(approver, verdict.Person) ? verdict : verdict with { OnBehalfOf = approver };
        var lapsed = people.LapsedFor(verdict.Person, claim.Approvers, day) is { } delegation
            ? $" The delegation of {delegation.Of} to {delegation.To} is for {delegation.From:yyyy-MM-dd} to {delegation.Until:yyyy-MM-dd}."
            : "";
        return verdict with { Problem = $"{verdict.Name} is not among the approvers ({string.Join(", ", claim.Approvers)}).{lapsed}" };
    }

    static PersonVerdict Refused(string? name, string problem) =>
        new() { Name = name ?? ApprovalRules.Unknown, Person = "", Problem = problem };
}

/// <summary>Who somebody says he is, and what for.</summary>
public sealed record PersonClaim
{
    /// <summary>approve or reject.</summary>
    public required string Answer { get; init; }
    public required string RunId { get; init; }
    public required string Step { get; init; }

    /// <summary>A name that nothing proves.</summary>
    public string? By { get; init; }

    /// <summary>See <see cref="ApprovalToken"/>; then <see cref="By"/> means nothing.</summary>
    public string? Token { get; init; }
    public IReadOnlyList<string> Approvers { get; init; } = [];
    public string? Requester { get; init; }
    public bool FourEyes { get; init; }
}

public sealed record PersonVerdict
{
    /// <summary>As it goes into the record.</summary>
    public required string Name { get; init; }

    /// <summary>Who that is in people.json; empty when nobody said a name.</summary>
    public required string Person { get; init; }
    public bool Verified { get; init; }

    /// <summary>The approver who delegated to this person.</summary>
    public string? OnBehalfOf { get; init; }

    /// <summary>It is who started the run.</summary>
    public bool IsRequester { get; init; }

    /// <summary>The hash that was signed.</summary>
    public string? Evidence { get; init; }

    /// <summary>The reason that was signed.</summary>
    public string? Reason { get; init; }

    /// <summary>Why this person may not answer; null when nothing is wrong.</summary>
    public string? Problem { get; init; }
    public string? PeopleHash { get; init; }
}
