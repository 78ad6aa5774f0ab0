namespace Maintenance.Host.Doctor;

enum Health
{
    Well,

    /// <summary>Works, and somebody should look.</summary>
    Watch,

    /// <summary>Something does not work.</summary>
    Ill,
}

/// <summary>What the doctor saw of one part.</summary>
/// <param name="Next">What to do about it; null when all is well.</param>
sealed record Finding(string Part, Health Health, string Says, string? Next = null)
{
    public static Finding Well(string part, string says) => new(part, Health.Well, says);

    public static Finding Watch(string part, string says, string next) => new(part, Health.Watch, says, next);

    public static Finding Ill(string part, string says, string next) => new(part, Health.Ill, says, next);
}
