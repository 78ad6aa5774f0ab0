using Maintenance.Host.Cli;
using Maintenance.Host.Settings;
using Maintenance.Jobs.Calls;
using Temporalio.Activities;

namespace Maintenance.Host.Runtime;

/// <summary>The C# activities of the assemblies that the settings name.</summary>
static class Plugins
{
    /// <exception cref="CommandFailure">An assembly cannot be loaded, or two offer the same activity.</exception>
    public static IReadOnlyList<ActivityDefinition> Of(WorkerSettings settings)
    {
        var definitions = new List<ActivityDefinition>();
        foreach (var path in settings.Plugins.Split(':', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            try
            {
                definitions.AddRange(PluginAssembly.Load(path));
            }
            catch (InvalidDataException broken)
            {
                throw new CommandFailure(ExitCode.BadSettings, broken.Message);
            }
        }

        return definitions.GroupBy(d => d.Name).FirstOrDefault(g => g.Count() > 1) is { } twice
            ? throw new CommandFailure(
                ExitCode.BadSettings, $"two activities of Worker:Plugins have the name '{twice.Key}'; give each a name of its own")
            : definitions;
    }
}
