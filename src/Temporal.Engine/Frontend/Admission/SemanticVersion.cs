using System.Globalization;

namespace Temporal.Engine;

/// <summary>major.minor.patch; a pre-release sorts before its release. Messages are those of the real server.</summary>
readonly record struct SemanticVersion(ulong Major, ulong Minor, ulong Patch, string PreRelease) : IComparable<SemanticVersion>
{
    /// <exception cref="FormatException">Says what is wrong with the text.</exception>
    public static SemanticVersion Parse(string text)
    {
        if (text.Length == 0)
            throw new FormatException("Version string empty");

        var withoutBuild = text.Split('+', 2)[0];
        var core = withoutBuild.Split('-', 2);
        var parts = core[0].Split('.', 3);
        if (parts.Length != 3)
            throw new FormatException("No Major.Minor.Patch elements found");

        return new(
            Number(parts[0], "major"), Number(parts[1], "minor"), Number(parts[2], "patch"), core.Length > 1 ? core[1] : "");
    }

    public int CompareTo(SemanticVersion other)
    {
        var release = (Major, Minor, Patch).CompareTo((other.Major, other.Minor, other.Patch));
        if (release != 0 || PreRelease == other.PreRelease)
            return release;
        if (PreRelease.Length == 0 || other.PreRelease.Length == 0)
            return PreRelease.Length == 0 ? 1 : -1;
        return string.CompareOrdinal(PreRelease, other.PreRelease);
    }

    static ulong Number(string text, string part) =>
        text.Length > 0 && (text.Length == 1 || text[0] != '0')
        && ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new FormatException($"Invalid character(s) found in {part} number \"{text}\"");
}
