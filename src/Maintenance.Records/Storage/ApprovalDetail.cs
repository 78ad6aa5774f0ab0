using System.Text.Json;

namespace Maintenance.Records;

/// <summary>What of an approval is read with it and never searched, as one JSON column.</summary>
sealed record ApprovalDetail(
    int Needed, IReadOnlyList<string> Approvers, IReadOnlyList<EvidencePart> Evidence, IReadOnlyList<ApprovalVote> Votes, int Reminders,
    DateTimeOffset? EscalatedAt)
{
    const string None = "{}";

    public static string Of(ApprovalRecord approval) => StoredJson.Object(new ApprovalDetail(
        approval.Needed, approval.Approvers, approval.Evidence, approval.Votes, approval.Reminders, approval.EscalatedAt));

    /// <summary>Rows of earlier versions have no detail.</summary>
    public static ApprovalRecord Into(string json, ApprovalRecord approval) =>
        json != None && JsonSerializer.Deserialize<ApprovalDetail>(json) is { } detail
            ? approval with
            {
                Needed = detail.Needed,
                Approvers = detail.Approvers,
                Evidence = detail.Evidence,
                Votes = detail.Votes,
                Reminders = detail.Reminders,
                EscalatedAt = detail.EscalatedAt,
            }
            : approval;
}
