namespace Maintenance.Schedules;

/// <summary>What becomes of a local time that does not exist because the clock went forward.</summary>
public enum MissingRule
{
    /// <summary>As cron: fixed times run once right after the change, wildcard lines are not made up.</summary>
    Auto,

    /// <summary>One run right after the change, however many times were lost.</summary>
    Shift,

    /// <summary>Nothing.</summary>
    Skip,

    /// <summary>Cron to the letter: like <see cref="Auto"/>, but one run for each lost time.</summary>
    Each,
}

/// <summary>What becomes of a local time that comes twice because the clock went back.</summary>
public enum RepeatedRule
{
    /// <summary>As cron: fixed times run the first time only, wildcard lines keep their interval.</summary>
    Auto,
    First,
    Second,
    Both,
}

public sealed record DstRules(MissingRule Missing, RepeatedRule Repeated)
{
    public static DstRules Auto { get; } = new(MissingRule.Auto, RepeatedRule.Auto);
}
