using System.CommandLine;
using Maintenance.Host.Settings;
using Microsoft.Extensions.Configuration;

namespace Maintenance.Host.Cli;

/// <summary>The flags that every command has. Each is a setting that can also stand in the file or the environment.</summary>
static class GlobalOptions
{
    static readonly Option<string> Config = new("--config")
    {
        Description = $"Settings file (default: {SettingsReader.DefaultFile} in this folder, if there)", HelpName = "FILE",
        Recursive = true,
    };

    static readonly IReadOnlyList<(Option<string> Flag, string Key)> Flags =
    [
        (Flag("--data", "DIR", "Folder for the state of this installation"), "DataDirectory"),
        (Flag("--schedules", "FILE", "The schedules (default: schedules.json in this folder)"), "SchedulesFile"),
        (Flag("--environment", "NAME", "The site: schedules.NAME.json lies over the schedules (default: none)"), "Environment"),
        (Flag("--jobs", "DIR", "The jobs (default: the folder 'jobs' beside the schedules)"), "JobsDirectory"),
        (
            Flag("--records", "CONNECTION", "Record runs in this Postgres (\"Host=…;Database=…\"; default: SQLite in the data folder)"),
            "Records:Connection"),
        (Flag("--temporal", "HOST:PORT", "Use this Temporal server (default: the embedded engine)"), "Temporal:Address"),
        (Flag("--namespace", "NAME", "Temporal namespace (default: default)"), "Temporal:Namespace"),
        (Flag("--listen", "ADDRESS:PORT", "Where the embedded engine listens (default: 127.0.0.1:7233)"), "Engine:Listen"),
    ];

    static readonly Option<bool> Json = new("--json") { Description = "Print the result as JSON", Recursive = true };

    public static void AddTo(Command root)
    {
        root.Add(Config);
        foreach (var (flag, _) in Flags)
            root.Add(flag);
        root.Add(Json);
    }

    public static bool WantsJson(this ParseResult parsed) => parsed.GetValue(Json);

    /// <exception cref="CommandFailure">A setting is wrong.</exception>
    public static (HostSettings Settings, IConfigurationRoot Configuration) ReadSettings(this ParseResult parsed)
    {
        var flags = Flags
            .Select(option => KeyValuePair.Create(option.Key, parsed.GetValue(option.Flag)))
            .Where(pair => pair.Value is not null);
        try
        {
            return SettingsReader.Read(parsed.GetValue(Config), flags);
        }
        catch (InvalidSettingsException ex)
        {
            throw new CommandFailure(ExitCode.BadSettings, ex.Message);
        }
    }

    static Option<string> Flag(string name, string value, string description) =>
        new(name) { Description = description, HelpName = value, Recursive = true };
}
