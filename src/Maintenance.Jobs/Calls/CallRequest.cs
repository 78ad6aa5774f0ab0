using Maintenance.Jobs.Definition;

namespace Maintenance.Jobs.Calls;

/// <summary>
/// One attempt of a step that is no script: all texts are resolved, secrets are still only places. Exactly one of <see cref="Http"/>,
/// <see cref="Sql"/> and <see cref="Activity"/> is set.
/// </summary>
public sealed record CallRequest
{
    public required string Job { get; init; }
    public required string Step { get; init; }
    public required int Attempt { get; init; }
    public required string RunId { get; init; }
    public required TimeSpan Timeout { get; init; }

    /// <summary>A second execution does no harm: an attempt whose worker was lost is simply made again.</summary>
    public bool Idempotent { get; init; }
    public HttpStep? Http { get; init; }
    public SqlStep? Sql { get; init; }
    public ActivityStep? Activity { get; init; }
}
