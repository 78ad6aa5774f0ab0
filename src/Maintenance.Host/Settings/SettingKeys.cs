using System.Globalization;
using System.Reflection;

namespace Maintenance.Host.Settings;

/// <summary>One setting: its key and its default as text.</summary>
sealed record SettingKey(string Name, Type Type, string Default)
{
    public string EnvironmentName => SettingsReader.EnvironmentPrefix + Name.Replace(":", "__", StringComparison.Ordinal);
}

/// <summary>All keys, from the settings' own properties.</summary>
static class SettingKeys
{
    public static IReadOnlyList<SettingKey> All { get; } = [.. Of(new HostSettings(), prefix: "")];

    // These steer ./maintenance and ./test and reach us through the same environment prefix.
    public static bool IsForTheScript(string key) =>
        key.Equals("NO_BUILD", StringComparison.OrdinalIgnoreCase) || key.StartsWith("TEST_", StringComparison.OrdinalIgnoreCase);

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
            else
            {
                yield return new($"{prefix}{property.Name}", property.PropertyType, Convert.ToString(value, CultureInfo.InvariantCulture) ?? "");
            }
        }
    }
}
