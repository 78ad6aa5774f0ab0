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
}
