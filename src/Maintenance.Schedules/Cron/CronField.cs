namespace Maintenance.Schedules;

/// <summary>One of the five fields of a cron line: its limits and the names it takes.</summary>
sealed record CronField(string Name, int Min, int Max, IReadOnlyList<string> Names, int NamesFrom)
{
    public static IReadOnlyList<CronField> All { get; } =
    [
        new("minute", 0, 59, [], 0),
        new("hour", 0, 23, [], 0),
        new("day of month", 1, 31, [], 0),
        new("month", 1, 12, ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], 1),
        // Seven is Sunday again, and steps count over 0..7: */2 is 0,2,4,6 and */7 is Sunday only.
        new("day of week", 0, 7, ["sun", "mon", "tue", "wed", "thu", "fri", "sat"], 0),
    ];

    /// <summary>The number of a name, or -1. Three letters in any case.</summary>
    public int NumberOf(string name)
    {
        for (var i = 0; i < Names.Count; i++)
        {
            if (string.Equals(Names[i], name, StringComparison.OrdinalIgnoreCase))
                return NamesFrom + i;
        }

        return -1;
    }

    public string Limits => Names.Count > 0 ? $"{Min} to {Max}, or {Names[0]} to {Names[^1]}" : $"{Min} to {Max}";
}
