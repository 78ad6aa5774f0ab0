using System.CommandLine;
using Maintenance.Jobs.Approvals;

namespace Maintenance.Host.Cli;

/// <summary>Where the key of the person at the terminal is: as said, else in the user's own configuration.</summary>
static class PersonKeyFile
{
    public static string Default =>
        Path.Combine(
            Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData, Environment.SpecialFolderOption.DoNotVerify),
            "maintenance", "person.pem");

    public static Option<string> CreateOption(string description) =>
        new("--key") { Description = $"{description} (default: person.pem in ~/.config/maintenance)", HelpName = "FILE" };

    /// <summary>Null when none was named and there is none at the usual place.</summary>
    /// <exception cref="CommandFailure">The file is no key, or cannot be read.</exception>
    public static PersonKey? Find(string? named)
    {
        var file = named ?? Default;
        if (named is null && !File.Exists(file))
            return null;
        try
        {
            return PersonKey.Read(file);
        }
        catch (Exception ex) when (ex is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            throw new CommandFailure(ExitCode.BadSettings, ex.Message);
        }
    }
}
