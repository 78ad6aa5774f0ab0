namespace Maintenance.Jobs.Attempts;

/// <summary>The host that attempts run on. The id is stored by the worker, because host names change.</summary>
public sealed record AttemptHostOptions
{
    /// <summary>Holds one folder per attempt, mode 0700. Must survive a restart of the worker.</summary>
    public required string Root { get; init; }
    public required string HostId { get; init; }
    public string HostName { get; init; } = Environment.MachineName;

    /// <summary>"auto", "off", or the path of a cgroup v2 that this user may make children in.</summary>
    public string Cgroup { get; init; } = "auto";

    /// <summary>The users that a step's <c>runAs</c> may name on this host. Only root can start scripts as another user.</summary>
    public IReadOnlyList<string> RunAs { get; init; } = [];

    /// <summary>Where scripts of other users have their folders, because they may not enter <see cref="Root"/>; one per host id.</summary>
    public string RunAsRoot { get; init; } = "/var/tmp";

    /// <summary>A folder that scripts find before all others on their PATH; null: none.</summary>
    public string? CommandsFolder { get; init; }

    /// <summary>Below this much free space in the state folder no script is started. 0 switches the check off.</summary>
    public long FreeBytesMin { get; init; } = 64 * 1024 * 1024;
}
