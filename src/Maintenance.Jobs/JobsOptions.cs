using Maintenance.Jobs.Attempts;
using Maintenance.Records;

namespace Maintenance.Jobs;

/// <summary>What this part needs from whoever puts the program together.</summary>
public sealed record JobsOptions
{
    /// <summary>Holds <c>attempts/</c> and <c>cache/</c>; must survive restarts.</summary>
    public required string StateFolder { get; init; }

    /// <summary>Stored once per installation, because host names change.</summary>
    public required string HostId { get; init; }
    public string HostName { get; init; } = Environment.MachineName;

    /// <summary>"auto", "off" or the path of a delegated cgroup v2.</summary>
    public string Cgroup { get; init; } = "auto";

    /// <summary>The users that a step may run as on this host.</summary>
    public IReadOnlyList<string> RunAs { get; init; } = [];

    /// <summary>A folder that scripts find before all others on their PATH: the stand-ins of a job's own tests. Null: none.</summary>
    public string? CommandsFolder { get; init; }

    /// <summary>The messages that a finished run sends out, written in one transaction with its record.</summary>
    public Func<RunRecord, IReadOnlyList<OutboxMessage>> MessagesOf { get; init; } = _ => [];

    /// <summary>The messages that go out when a wait for a person begins.</summary>
    public Func<Runs.ApprovalNotice, IReadOnlyList<OutboxMessage>> MessagesOfApproval { get; init; } = _ => [];

    /// <summary>Any answer to any question counts, as where an author tries a job by himself.</summary>
    public bool AnybodyAnswers { get; init; }

    /// <summary>The C# activities that <c>activity</c> steps may name on this host.</summary>
    public IReadOnlyList<Temporalio.Activities.ActivityDefinition> Plugins { get; init; } = [];

    /// <summary>Where the host says which boot it is; another file only in tests.</summary>
    public string BootIdFile { get; init; } = Restarts.RestartActivities.KernelBootId;

    public Runs.RunLimits Limits { get; init; } = new();

    public string HostQueue => TaskQueues.OfHost(HostId);

    public AttemptHostOptions ToAttemptHost() => new()
    {
        Root = Path.Combine(StateFolder, "attempts"),
        HostId = HostId,
        HostName = HostName,
        Cgroup = Cgroup,
        RunAs = RunAs,
        CommandsFolder = CommandsFolder,
    };
}
