using Maintenance.Records;
using Maintenance.Schedules;

namespace Maintenance.Host.Reconcile;

enum ChangeKind
{
    Create,
    Update,
    Delete,
    Unchanged,

    /// <summary>A schedule of that id exists and belongs to somebody else.</summary>
    Refused,
}

/// <summary>What happens to one schedule, and why. <paramref name="Differences"/> are for people.</summary>
sealed record ScheduleChange(ChangeKind Kind, string Id, DesiredSchedule? Desired, IReadOnlyList<string> Differences)
{
    /// <summary>It is paused on the server; apply keeps an operator's pause.</summary>
    public bool Paused { get; init; }

    /// <summary>The server's note, which says who paused it and why.</summary>
    public string? Note { get; init; }

    /// <summary>Our record says that it was applied as it is now, so nothing has to be written.</summary>
    public bool Recorded { get; init; }

    /// <summary>It is somebody else's so far, and becomes ours because that was asked for.</summary>
    public bool Adopted { get; init; }

    /// <summary>What an adopted schedule did until now; null for others, and for one that no entry can describe.</summary>
    public Schedule? Found { get; init; }

    /// <summary>Hash of what the server gets; empty for what goes away.</summary>
    public string ContentHash { get; init; } = "";

    /// <summary>What our record says was applied last; null when there is no record.</summary>
    public AppliedSchedule? Applied { get; init; }

    /// <summary>Since when the server has it as it is, where it was looked at.</summary>
    public DateTimeOffset? ServerSince { get; init; }

    public bool Changes => Kind is ChangeKind.Create or ChangeKind.Update or ChangeKind.Delete;
}

/// <summary>A job whose files are not those of its current bundle. Lines are <c>+ new</c>, <c>~ changed</c>, <c>- gone</c> with the file's name.</summary>
sealed record JobChange(string Job, string? BundleBefore, string BundleAfter, IReadOnlyList<string> Files);

/// <summary>people.json is another one than that in force. A file that is gone leaves nobody.</summary>
sealed record PeopleChange(string? HashBefore, string HashAfter, string Content);

/// <summary>The effect that <c>apply</c> would have. Nothing outside of it is ever touched.</summary>
sealed record ReconcilePlan(DesiredState Desired, IReadOnlyList<ScheduleChange> Changes)
{
    public IReadOnlyList<JobChange> JobsChanged { get; init; } = [];

    public IReadOnlyList<string> JobsRemoved { get; init; } = [];

    /// <summary>The people that come into force; null when those who are stay.</summary>
    public PeopleChange? PeopleChanged { get; init; }

    public IReadOnlyList<ResourceChange> Resources { get; init; } = [];

    /// <summary>Ids of resources that live on though the file does not name them any more.</summary>
    public IReadOnlyList<string> ResourcesLeft { get; init; } = [];

    public bool HasRefused => Refusals.Any();

    /// <summary>What would have to be taken from somebody else, or made against a decision, a sentence each.</summary>
    public IEnumerable<string> Refusals => Of(ChangeKind.Refused).SelectMany(c => c.Differences).Concat(
        Resources.Where(r => r.Kind == ChangeKind.Refused).Select(r => $"the resource '{r.Id}' {r.Refusal}"));

    public bool HasChanges => Changes.Any(c => c.Changes) || JobsRemoved.Count > 0 || JobsChanged.Count > 0 || Resources.Any(r => r.Changes)
        || PeopleChanged is not null;

    /// <summary>Versions of the time zone data that schedules were applied with and that is not the one of this machine.</summary>
    public IReadOnlyList<string> OtherTimeZoneData =>
    [
        .. Changes.Select(c => c.Applied?.TimeZoneVersion).OfType<string>().Where(v => v != Zones.DataVersion)
            .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal),
    ];

    public IEnumerable<ScheduleChange> Of(ChangeKind kind) => Changes.Where(c => c.Kind == kind);

    /// <summary>Equal plans would do the same to the same: a plan that was saved is still true when its fingerprint is.</summary>
    public string Fingerprint => Reconcile.ContentHash.Of(string.Join(
        '\n',
        Changes.Where(c => c.Kind != ChangeKind.Unchanged).Select(c => $"{c.Kind} {c.Id} {c.ContentHash} {string.Join('\t', c.Differences)}")
            .Concat(JobsChanged.Select(j => $"job {j.Job} {j.BundleBefore} {j.BundleAfter}"))
            .Concat(JobsRemoved.Select(j => $"no job {j}"))
            .Concat(Resources.Where(r => r.Kind != ChangeKind.Unchanged).Select(r => $"resource {r.Kind} {r.Id} {r.Desired.Hash()}"))
            .Concat(PeopleChanged is { } people ? [$"people {people.HashBefore} {people.HashAfter}"] : [])));
}

/// <summary>Who applies what, and to which workers the runs go.</summary>
sealed record ReconcilerOptions
{
    /// <summary>Owner of the schedules: stands in each schedule's memo, which no update can change.</summary>
    public required string Installation { get; init; }

    public string TaskQueue { get; init; } = "maintenance";

    public string? GitCommit { get; init; }

    public string AppliedBy { get; init; } = "apply";

    /// <summary>Schedules that may be taken from whoever has them.</summary>
    public IReadOnlyList<string> Adopt { get; init; } = [];

    /// <summary>Calls to the server at the same time.</summary>
    public int Parallel { get; init; } = 16;
}
