using System.Text.Json;
using Microsoft.Extensions.Configuration;

namespace Maintenance.Host.Settings;

/// <summary>Reads the settings from file, environment and flags, and says all that is wrong with them at once.</summary>
static class SettingsReader
{
    public const string EnvironmentPrefix = "MAINTENANCE_";

    public const string DefaultFile = "maintenance.json";

    /// <param name="file">The settings file; null: <c>maintenance.json</c> in the working folder, if there is one.</param>
    /// <param name="flags">Values given on the command line, by setting key.</param>
    /// <exception cref="InvalidSettingsException">Something is wrong; the message has a line for each problem.</exception>
    public static (HostSettings Settings, IConfigurationRoot Configuration) Read(
        string? file, IEnumerable<KeyValuePair<string, string?>> flags)
    {
        var configuration = ReadSources(file, flags);
        var unreadable = SettingKeys.All.Where(key => configuration[key.Name] is { Length: > 0 } value && !key.CanBe(value)).ToList();
        var problems = UnknownKeys(configuration)
            .Concat(unreadable.Select(key => $"{key.Name} is '{configuration[key.Name]}'; write {key.Example}"))
            .ToList();

        // What cannot be read counts as its default while the others are looked at.
        var readable = new ConfigurationBuilder().AddConfiguration(configuration)
            .AddInMemoryCollection(unreadable.Select(key => KeyValuePair.Create(key.Name, (string?)key.Default)))
            .Build();
        var settings = WithPlaces(readable.Get<HostSettings>() ?? new HostSettings());
        problems.AddRange(HostSettingsRules.Check(settings));
        return problems.Count == 0 ? (settings, configuration) : throw new InvalidSettingsException(problems);
    }

    static IConfigurationRoot ReadSources(string? file, IEnumerable<KeyValuePair<string, string?>> flags)
    {
        try
        {
            return new ConfigurationBuilder()
                .AddJsonFile(Path.GetFullPath(file ?? DefaultFile), optional: file is null)
                .AddEnvironmentVariables(EnvironmentPrefix)
                .AddInMemoryCollection(flags)
                .Build();
        }
        catch (FileNotFoundException)
        {
            throw new InvalidSettingsException([$"there is no settings file '{file}'; name another one with `--config FILE`, or leave it out"]);
        }
        catch (InvalidDataException ex)
        {
            throw new InvalidSettingsException([$"{file ?? DefaultFile}{Reason(ex.InnerException?.InnerException ?? ex.InnerException ?? ex)}"]);
        }
    }

    static string Reason(Exception ex) => ex is JsonException { LineNumber: { } line, BytePositionInLine: { } position }
        ? $":{line + 1}:{position + 1} is no JSON: {ex.Message.Split(" LineNumber:")[0]}"
        : $": {ex.Message}";

    static IEnumerable<string> UnknownKeys(IConfigurationRoot configuration)
    {
        // Serilog reads its own section; every other key must be one of ours, so that a slip of the pen is not silently a default.
        return configuration.AsEnumerable()
            .Where(pair => pair.Value is not null && !pair.Key.StartsWith("Serilog:", StringComparison.OrdinalIgnoreCase))
            .Where(pair => !SettingKeys.IsKnown(pair.Key) && !SettingKeys.IsForTheScript(pair.Key))
            .Select(pair => $"{pair.Key} is no setting; docs/reference/settings.md lists them");
    }

    static HostSettings WithPlaces(HostSettings settings)
    {
        var schedules = Path.GetFullPath(settings.SchedulesFile);
        return settings with
        {
            DataDirectory = Path.GetFullPath(settings.DataDirectory.Length > 0 ? settings.DataDirectory : DefaultDataDirectory()),
            SchedulesFile = schedules,
            JobsDirectory = Path.GetFullPath(
                settings.JobsDirectory.Length > 0 ? settings.JobsDirectory : Path.Combine(Path.GetDirectoryName(schedules)!, "jobs")),
        };
    }

    public static string DefaultDataDirectory()
    {
        var state = Environment.GetEnvironmentVariable("XDG_STATE_HOME");
        if (string.IsNullOrEmpty(state) || !Path.IsPathRooted(state))
        {
            state = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".local", "state");
        }

        return Path.Combine(state, "maintenance");
    }
}

/// <summary>The settings cannot be used. One line for each problem.</summary>
sealed class InvalidSettingsException(IReadOnlyList<string> problems) : Exception(string.Join('\n', problems))
{
    public IReadOnlyList<string> Problems { get; } = problems;
}
