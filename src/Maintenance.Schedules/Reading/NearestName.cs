namespace Maintenance.Schedules;

/// <summary>Finds what somebody probably meant: the known name with the fewest typing slips, if there are few enough.</summary>
public static class NearestName
{
    /// <summary>Null when nothing is near. Upper and lower case count as the same letter.</summary>
    public static string? Of(string name, IEnumerable<string> known)
    {
        string? best = null;
        var bestDistance = Math.Max(1, name.Length / 3) + 1;
        foreach (var candidate in known)
        {
            if (Math.Abs(candidate.Length - name.Length) >= bestDistance)
                continue;
            var distance = Distance(name.ToLowerInvariant(), candidate.ToLowerInvariant());
            if (distance >= bestDistance)
                continue;
            best = candidate;
            bestDistance = distance;
        }

        return best;
    }

    /// <summary>"Did you mean 'x'?", or the list of what is known when nothing is near and the list is short.</summary>
    public static string Suggest(string name, IReadOnlyCollection<string> known)
    {
        const int shortList = 60;
        if (Of(name, known) is { } nearest)
            return $"Did you mean '{nearest}'?";
        return known.Count is > 0 and <= shortList ? $"Known here: {string.Join(", ", known)}." : "";
    }

    /// <summary>Insertions, deletions, replacements and swaps of two neighbours, each counted as one.</summary>
    static int Distance(string a, string b)
    {
        var rows = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
            rows[i, 0] = i;
        for (var j = 0; j <= b.Length; j++)
            rows[0, j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            for (var j = 1; j <= b.Length; j++)
            {
                var change = a[i - 1] == b[j - 1] ? 0 : 1;
                var least = Math.Min(Math.Min(rows[i - 1, j] + 1, rows[i, j - 1] + 1), rows[i - 1, j - 1] + change);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    least = Math.Min(least, rows[i - 2, j - 2] + 1);
                rows[i, j] = least;
            }
        }

        return rows[a.Length, b.Length];
    }
}
