using Maintenance.Jobs.Runs;
using Maintenance.Records;

namespace Maintenance.Host.Cli;

/// <summary>A question to a person and its answer, in one line.</summary>
static class ApprovalText
{
    public static string Of(ApprovalRecord approval)
    {
        var who = $"by {approval.By ?? "nobody"}{(approval.Verified ? "" : " (unverified)")} at {RunText.Time(approval.DecidedAt)}";
        var why = approval.Reason is { Length: > 0 } reason ? $": {reason}" : "";
        return approval.Decision switch
        {
            ApprovalDecision.Approved => $"approved {who}{why}",
            ApprovalDecision.Rejected => $"rejected {who}{why}",
            ApprovalDecision.Expired => $"nobody answered until {RunText.Time(approval.ExpiresAt)}",
            ApprovalDecision.Withdrawn => "the run ended before anybody answered",
            _ => $"waits since {RunText.Time(approval.RequestedAt)}: {approval.Message}",
        };
    }

    /// <summary>Each answer that counted, where there is more to tell than the decision does.</summary>
    public static IEnumerable<string> Votes(ApprovalRecord approval) =>
        approval.Votes.Count < 2 && approval.Votes.All(v => v.OnBehalfOf is null)
            ? []
            : approval.Votes.Select(v =>
                $"{(v.Approves ? "yes" : "no")} "
                    + $"of {v.By}{(v.Verified ? "" : " (unverified)")}{(v.OnBehalfOf is { } of ? $" on behalf of {of}" : "")}"
                + $" at {RunText.Time(v.At)}{(v.Reason is { Length: > 0 } reason ? $": {reason}" : "")}");

    /// <summary>A question with all that a yes is about, for the person who is about to answer.</summary>
    public static void Tell(QuestionView question, Terminal terminal)
    {
        terminal.Say($"{question.Step}: {question.Message}");
        foreach (var part in question.Parts)
            terminal.Say($"  {part.Name}  {part.Text.ReplaceLineEndings(" ")}");
        terminal.Say($"  evidence  {question.Evidence ?? "none"}");
        if (question.Requester is { } requester)
            terminal.Say($"  started by  {requester}");
        terminal.Say(
            $"  may answer  {(question.Approvers.Count == 0 ? "anybody" : string.Join(", ", question.Approvers))}"
            + (question.Needed > 1 ? $"; {question.Needed} needed, {question.Votes.Count(v => v.Approves)} so far" : ""));
    }
}
