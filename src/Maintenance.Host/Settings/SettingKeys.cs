using System.ComponentModel;
using System.Globalization;
using System.Reflection;

namespace Maintenance.Host.Settings;

/// <summary>One setting: its key and its default as text.</summary>
sealed record SettingKey(string Name, Type Type, string Default)
{
    /// <summary>What to write when a value cannot be read.</summary>
    public string Example =>
        Type == typeof(TimeSpan) ? "days.hours:minutes:seconds, such as 00:00:05 or 400.00:00:00"
        : Type == typeof(bool) ? "true or false"
        : "a whole number";

    public bool CanBe(string value) => TypeDescriptor.GetConverter(Type).IsValid(value);

    public string EnvironmentName => SettingsReader.EnvironmentPrefix + Name.Replace(":", "__", StringComparison.Ordinal);
}

/// <summary>All keys, from the settings' own properties.</summary>
static class SettingKeys
{
    static readonly HashSet<string> _ofScripts = new(
        ["NO_BUILD", "JOB", "STEP", "STEP_ATTEMPT", "RUN_ID", "OUTPUT", "ATTEMPT", "LOCK_TOKEN"], StringComparer.OrdinalIgnoreCase);

    public static IReadOnlyList<SettingKey> All { get; } = [.. Of(new HostSettings(), prefix: "")];

    /// <summary>Whether a key is a setting. Where the table says NAME, the user chooses.</summary>
    public static bool IsKnown(string key) => All.Any(known => known.Name.EndsWith(":NAME", StringComparison.Ordinal)
        ? key.StartsWith(known.Name[..^4], StringComparison.OrdinalIgnoreCase) && key.Length > known.Name.Length - 4
        : key.Equals(known.Name, StringComparison.OrdinalIgnoreCase));

    // These steer ./maintenance and ./test, or tell a job's script where it is, and reach us through the same environment prefix.
    public static bool IsForTheScript(string key) =>
        _ofScripts.Contains(key) || key.StartsWith("TEST_", StringComparison.OrdinalIgnoreCase);

    static IEnumerable<SettingKey> Of(object section, string prefix)
    {
        foreach (var property in section.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            var value = property.GetValue(section);
            if (property.PropertyType.Namespace == typeof(HostSettings).Namespace)
            {
                foreach (var key in Of(value!, $"{prefix}{property.Name}:"))
                    yield return key;
            }
            else if (value is IReadOnlyDictionary<string, string>)
            {
                yield return new($"{prefix}{property.Name}:NAME", typeof(string), Default: "");
            }
            else
            {
                yield return new(
                    $"{prefix}{property.Name}", property.PropertyType, Convert.ToString(value, CultureInfo.InvariantCulture) ?? "");
            }
        }
    }
}
