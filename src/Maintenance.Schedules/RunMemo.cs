namespace Maintenance.Schedules;

/// <summary>
/// What a start tells the run in its memo: <c>apply</c> writes it into a schedule's action, <c>trigger</c> into its start, and every run of the
/// schedule inherits it. All values are texts. A start without memo (from the Temporal UI) is a manual one of the job's current bundle.
/// </summary>
public static class RunMemo
{
    /// <summary>Hash of the bundle to run.</summary>
    public const string Bundle = "maintenance.bundle";
    public const string GitCommit = "maintenance.gitCommit";
    public const string Installation = "maintenance.installation";

    /// <summary>Id of the schedule, as in schedules.json.</summary>
    public const string Schedule = "maintenance.schedule";

    /// <summary><see cref="Maintenance.Schedules.Schedule.ResolvedJson"/> as applied: what the run checks its due time against.</summary>
    public const string Spec = "maintenance.spec";

    /// <summary>
    /// Version of the time zone data by which <c>apply</c> listed the due times for the server; absent where they are not listed. A worker with
    /// another version computes other times perhaps, and believes the list.
    /// </summary>
    public const string TimeZoneData = "maintenance.timeZoneData";

    /// <summary>A word of the record's RunCause in lower case: manual, catchUp, backfill, child; absent for a schedule.</summary>
    public const string Cause = "maintenance.cause";

    /// <summary>Who asked for a manual start.</summary>
    public const string Requester = "maintenance.requester";

    /// <summary>Id of the host that runs the steps which name none; with <see cref="HostName"/>. Given by a <c>job</c> step to its run.</summary>
    public const string Host = "maintenance.host";
    public const string HostName = "maintenance.hostName";

    /// <summary>How many <c>job</c> steps stand between this run and one that nobody's step started.</summary>
    public const string Depth = "maintenance.depth";

    /// <summary>Id of an earlier run of the same job: targets of its steps that succeeded there, and were not undone, are not run again.</summary>
    public const string TargetsOf = "maintenance.targetsOf";

    /// <summary>Id of the run whose succeeded steps are taken over, with its bundle.</summary>
    public const string RetryOf = "maintenance.retryOf";

    /// <summary>The step that a retry begins with; absent: the first that did not succeed.</summary>
    public const string RetryFrom = "maintenance.retryFrom";

    /// <summary>The step that a retry leaves out.</summary>
    public const string RetrySkip = "maintenance.retrySkip";

    /// <summary>Why somebody started the run.</summary>
    public const string Reason = "maintenance.reason";

    /// <summary>
    /// Greatest name of the locks that the runs above this one hold while it runs. Given by a <c>job</c> step; locks of this run must sort
    /// behind it, or the two would wait for each other.
    /// </summary>
    public const string LocksBehind = "maintenance.locksBehind";

    /// <summary>
    /// Places in quorums that the runs above this one hold while it runs, each as NAME@HOST, separated by commas. Given by a <c>job</c> step; this run
    /// takes none of them again, and waits for no lock for long.
    /// </summary>
    public const string QuorumPlaces = "maintenance.quorumPlaces";
}
