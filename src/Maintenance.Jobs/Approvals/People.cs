using System.Diagnostics.CodeAnalysis;

namespace Maintenance.Jobs.Approvals;

/// <summary>Who is who, as people.json declares it: the people with their keys and accounts, groups, and who stands in for whom.</summary>
public sealed record People
{
    public const string FileName = "people.json";
    public const string GroupPrefix = "group:";

    public static People Nobody { get; } = new();

    /// <summary>By name.</summary>
    public IReadOnlyDictionary<string, Person> All { get; init; } = new Dictionary<string, Person>();

    /// <summary>Names of people by name of the group.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Groups { get; init; } = new Dictionary<string, IReadOnlyList<string>>();
    public IReadOnlyList<Delegation> Delegations { get; init; } = [];

    /// <summary>
    /// The person behind what somebody calls himself: <c>ann</c>, an account of hers, or <c>ann@laptop</c>, for who starts a run on one
    /// machine shall not approve it on another. Who is not declared is the part before the <c>@</c>.
    /// </summary>
    public string NameOf(string said)
    {
        var bare = Bare(said);
        return All.Values.FirstOrDefault(p => Is(p.Name, said) || p.Logins.Any(l => Is(l, said)))?.Name
            ?? All.Values.FirstOrDefault(p => Is(p.Name, bare) || p.Logins.Any(l => Is(l, bare)))?.Name
            ?? bare;
    }

    /// <summary>The same without people.json.</summary>
    public static bool SameName(string one, string other) => Is(Bare(one), Bare(other));

    /// <summary>Finds a key by its id.</summary>
    public bool TryFindKey(string id, [NotNullWhen(true)] out Person? person, [NotNullWhen(true)] out PublicKey? key)
    {
        person = All.Values.FirstOrDefault(p => p.Keys.Any(k => k.Id == id));
        key = person?.Keys.First(k => k.Id == id);
        return key is not null;
    }

    /// <summary>
    /// On whose behalf a person may answer: his own, that of an approver who delegated to him for this day, or null: nobody's. Who stands
    /// in for somebody cannot pass that on.
    /// </summary>
    /// <param name="except">Nobody can stand in for this one; null: for all.</param>
    public string? ApproverBehind(string person, IReadOnlyList<string> approvers, DateOnly day, string? except)
    {
        var names = approvers.SelectMany(MembersOf).ToList();
        if (names.Find(n => Is(n, person)) is { } own)
            return own;
        return Delegations
            .Where(d => Is(d.To, person) && d.From <= day && day <= d.Until && (except is null || !Is(d.Of, except)))
            .Select(d => names.Find(n => Is(n, d.Of)))
            .FirstOrDefault(n => n is not null);
    }

    /// <summary>A stand-in whose time is over or has not come, for the message that refuses him.</summary>
    public Delegation? LapsedFor(string person, IReadOnlyList<string> approvers, DateOnly day) => Delegations.FirstOrDefault(
        d => Is(d.To, person) && (day < d.From || d.Until < day) && approvers.SelectMany(MembersOf).Any(n => Is(n, d.Of)));

    IReadOnlyList<string> MembersOf(string approver) =>
        !approver.StartsWith(GroupPrefix, StringComparison.Ordinal) ? [approver]
        : Groups.GetValueOrDefault(approver[GroupPrefix.Length..], []);

    static string Bare(string name) => name.Split('@')[0];

    static bool Is(string one, string other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);
}

/// <param name="Logins">Accounts of the person, such as <c>amiller</c> or <c>ann@laptop</c>.</param>
public sealed record Person(string Name, IReadOnlyList<PublicKey> Keys, IReadOnlyList<string> Logins);

/// <summary>For these days, both included and in UTC, <paramref name="To"/> may answer for <paramref name="Of"/>.</summary>
public sealed record Delegation(string Of, string To, DateOnly From, DateOnly Until);
