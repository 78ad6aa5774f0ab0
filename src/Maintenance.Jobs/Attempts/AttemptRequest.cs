using Maintenance.Jobs.Definition;

namespace Maintenance.Jobs.Attempts;

/// <summary>
/// Everything a host needs to run one script once; it needs no files of the job and no database. This is the input of the step's activity,
/// so it holds names of secrets and never their values.
/// </summary>
public sealed record AttemptRequest
{
    public required string Job { get; init; }
    public required string Step { get; init; }
    public required int Attempt { get; init; }
    public required string RunId { get; init; }
    public required string WorkflowId { get; init; }

    /// <summary>The script's file name, for its extension and for people who read process lists.</summary>
    public required string ScriptName { get; init; }
    public required string Script { get; init; }
    public IReadOnlyList<string> Arguments { get; init; } = [];
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>
    /// Name of the variable to where its value is, as <see cref="SecretPlace"/> reads it on the host that runs the script.
    /// </summary>
    public IReadOnlyDictionary<string, string> Secrets { get; init; } = new Dictionary<string, string>();

    /// <summary>Further files of the job that are put into the working folder: name to content.</summary>
    public IReadOnlyDictionary<string, string> Files { get; init; } = new Dictionary<string, string>();

    public required TimeSpan Timeout { get; init; }
    public TimeSpan StopGrace { get; init; } = TimeSpan.FromSeconds(10);
    public int OutputBytesMax { get; init; } = 1024 * 1024;

    /// <summary>A user among those that this host's settings permit; null means the worker's own.</summary>
    public string? RunAs { get; init; }
    public StepLimits? Limits { get; init; }
}
