using System.Globalization;

namespace Maintenance.Jobs.Resources;

/// <summary>A person wants something done now.</summary>
public sealed record ResourceOrder(ResourceOperation Operation, string By, string? Reason);

/// <summary>How a job of the resource ended. <paramref name="Outputs"/> are the job's declared ones.</summary>
public sealed record ResourceResult(
    ResourceOperation Operation, string WorkflowId, bool Succeeded, string? Reason, IReadOnlyDictionary<string, string> Outputs);

/// <summary>One line of what happened to a resource.</summary>
public sealed record ResourceEvent(DateTimeOffset At, ResourceOperation Operation, bool Succeeded, string WorkflowId, string? Reason, string? By);

/// <summary>Everything that is known of a resource. Pure: each change gives a new state, so that the workflow's replay gives the same.</summary>
public sealed record ResourceState
{
    public required ResourceDefinition Definition { get; init; }

    /// <summary>Who applied the declaration: what is done by itself is done in this name. Null: nobody said.</summary>
    public string? DeclaredBy { get; init; }

    /// <summary>It is there: provisioned by us, or never in need of it.</summary>
    public bool Exists { get; init; }

    /// <summary>The declaration that the resource was last brought to; null before it was there.</summary>
    public ResourceJob? Applied { get; init; }
    public IReadOnlyDictionary<string, string> Facts { get; init; } = new Dictionary<string, string>();
    public DateTimeOffset? MonitoredAt { get; init; }

    /// <summary>Why the last job failed; null when it succeeded.</summary>
    public string? Problem { get; init; }

    /// <summary>Nothing is done by itself before this time.</summary>
    public DateTimeOffset? RetryAt { get; init; }
    public IReadOnlyList<ResourceOrder> Orders { get; init; } = [];
    public IReadOnlyList<ResourceEvent> Events { get; init; } = [];

    /// <summary>Jobs started so far; the next one's number in its workflow id.</summary>
    public int Started { get; init; }
    public bool IsGone { get; init; }

    /// <summary>Until when it is good; null when no job said so.</summary>
    public DateTimeOffset? Expires =>
        DateTimeOffset.TryParse(
            Facts.GetValueOrDefault(ResourceLimits.ExpiresFact), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time : null;

    public DateTimeOffset? UpgradeDue =>
        Definition.JobOf(ResourceOperation.Upgrade) is not null && Expires is { } expires ? expires - Definition.RenewBefore : null;

    public static ResourceState New(ResourceDefinition definition, string? by = null) => new()
    {
        Definition = definition,
        DeclaredBy = by,
        Exists = definition.JobOf(ResourceOperation.Provision) is null,
        Applied = definition.JobOf(ResourceOperation.Provision) is null ? definition.JobOf(ResourceOperation.Modify) : null,
    };

    /// <summary>The same declaration again changes nothing. A new one may be tried at once, whatever failed before.</summary>
    public ResourceState Declare(ResourceDefinition definition, string? by = null) =>
        ResourceJson.Of(definition) == ResourceJson.Of(Definition) ? this : this with { Definition = definition, DeclaredBy = by, RetryAt = null };

    public ResourceState Add(ResourceOrder order) =>
        Orders.Any(o => o.Operation == order.Operation) ? this : this with { Orders = [.. Orders, order] };

    /// <summary>What is to be done now, or until when there is nothing.</summary>
    public ResourceMove Next(DateTimeOffset now)
    {
        if (Orders.Count > 0)
            return new ResourceMove.Do(Orders[0].Operation, Orders[0]);
        if (RetryAt is { } retry && retry > now)
            return new ResourceMove.Wait(retry);
        if (!Exists)
            return new ResourceMove.Do(ResourceOperation.Provision, null);
        if (Definition.JobOf(ResourceOperation.Modify) is { } wanted && wanted != Applied)
            return new ResourceMove.Do(ResourceOperation.Modify, null);
        if (UpgradeDue is { } upgrade && upgrade <= now)
            return new ResourceMove.Do(ResourceOperation.Upgrade, null);
        if (Definition.JobOf(ResourceOperation.Monitor) is null)
            return new ResourceMove.Wait(UpgradeDue);
        var monitor = MonitoredAt is { } last ? last + Definition.MonitorEvery : now;
        return monitor <= now
            ? new ResourceMove.Do(ResourceOperation.Monitor, null)
            : new ResourceMove.Wait(UpgradeDue is { } due && due < monitor ? due : monitor);
    }

    public ResourceState Begin(ResourceOrder? order) =>
        this with { Started = Started + 1, Orders = order is null ? Orders : [.. Orders.Where(o => o != order)] };

    public ResourceState End(ResourceResult result, ResourceOrder? order, DateTimeOffset now)
    {
        var after = this with
        {
            Problem = result.Succeeded ? null : $"{Word(result.Operation)}: {result.Reason}",
            RetryAt = result.Succeeded ? null : now + Definition.RetryAfter,
            Events =
            [
                .. Events.TakeLast(ResourceLimits.EventsKept - 1),
                new(now, result.Operation, result.Succeeded, result.WorkflowId, result.Reason ?? order?.Reason, order?.By),
            ],
        };
        if (!result.Succeeded)
            return after;
        after = after with { Facts = Merge(result.Outputs) };
        return result.Operation switch
        {
            ResourceOperation.Provision => after with { Exists = true, Applied = Definition.JobOf(ResourceOperation.Modify) },
            ResourceOperation.Modify => after with { Applied = Definition.JobOf(ResourceOperation.Modify) },
            ResourceOperation.Monitor => after with { MonitoredAt = now },
            // What it found out before is of the old one: look again at once.
            ResourceOperation.Upgrade => after with { MonitoredAt = null, Facts = WithoutOldExpiry(after.Facts, result.Outputs) },
            _ => after with { IsGone = true, Exists = false },
        };
    }

    public static string Word(ResourceOperation operation) => operation.ToString().ToLowerInvariant();

    Dictionary<string, string> Merge(IReadOnlyDictionary<string, string> outputs)
    {
        var facts = Facts.ToDictionary();
        foreach (var (name, value) in outputs.OrderBy(o => o.Key, StringComparer.Ordinal))
        {
            if (facts.ContainsKey(name) || facts.Count < ResourceLimits.FactsMax)
                facts[name] = value.Length > ResourceLimits.FactLengthMax ? value[..ResourceLimits.FactLengthMax] : value;
        }

        return facts;
    }

    static IReadOnlyDictionary<string, string> WithoutOldExpiry(
        IReadOnlyDictionary<string, string> facts, IReadOnlyDictionary<string, string> outputs) =>
        outputs.ContainsKey(ResourceLimits.ExpiresFact) ? facts : facts.Where(f => f.Key != ResourceLimits.ExpiresFact).ToDictionary();
}

/// <summary>What a resource does next.</summary>
public abstract record ResourceMove
{
    ResourceMove()
    {
    }

    /// <param name="Order">Whose wish it is; null when it is due by itself.</param>
    public sealed record Do(ResourceOperation Operation, ResourceOrder? Order) : ResourceMove;

    /// <param name="Until">Null: until somebody says something.</param>
    public sealed record Wait(DateTimeOffset? Until) : ResourceMove;
}
