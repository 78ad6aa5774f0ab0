using System.CommandLine;
using System.Reflection;

namespace Maintenance.Host.Cli.Commands;

/// <summary><c>maintenance version</c> says which build this is and what it runs on.</summary>
static class VersionCommand
{
    public static Command Create(Terminal terminal)
    {
        var command = new Command("version", "Say which build this is");
        command.SetAction(parsed =>
        {
            var version = typeof(VersionCommand).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
            var runtime = System.Runtime.InteropServices.RuntimeInformation.FrameworkDescription;
            if (parsed.WantsJson())
                terminal.ResultJson(new { version, runtime });
            else
                terminal.Result($"maintenance {version} on {runtime}");
            return ExitCode.Ok;
        });
        return command;
    }
}
