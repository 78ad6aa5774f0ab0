using System.Reflection;
using System.Runtime.Loader;
using Temporalio.Activities;

namespace Maintenance.Jobs.Calls;

/// <summary>Loads a plug-in: an assembly whose public classes have methods marked <c>[Activity]</c>.</summary>
public static class PluginAssembly
{
    /// <summary>Instances are made once; their class needs a public constructor without parameters.</summary>
    /// <exception cref="InvalidDataException">It cannot be loaded or has nothing to offer; the message says what to do.</exception>
    public static IReadOnlyList<ActivityDefinition> Load(string path)
    {
        try
        {
            var assembly = new PluginContext(Path.GetFullPath(path)).LoadFromAssemblyPath(Path.GetFullPath(path));
            List<ActivityDefinition> definitions = [.. assembly.GetExportedTypes().Where(HasActivities).SelectMany(Definitions)];
            return definitions.Count > 0
                ? definitions
                : throw new InvalidDataException(
                    $"{path} has no public method with [Activity]. Mark one, or take the file out of Worker:Plugins.");
        }
        catch (Exception broken)
            when (broken is IOException or InvalidOperationException or BadImageFormatException or TypeLoadException
                or MissingMethodException or TargetInvocationException or ReflectionTypeLoadException)
        {
            throw new InvalidDataException($"The plug-in {path} cannot be loaded: {(broken.InnerException ?? broken).Message}", broken);
        }
    }

    static bool HasActivities(Type type) =>
        !type.IsAbstract | type.IsSealed
            && type.GetMethods(
                BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static).Any(m =>
                    m.GetCustomAttribute<ActivityAttribute>() is not null);

    static IReadOnlyCollection<ActivityDefinition> Definitions(Type type) =>
        ActivityDefinition.CreateAll(type, type.IsAbstract ? null : Activator.CreateInstance(type));

    /// <summary>What the host has is shared, so that [Activity] means the same on both sides; the rest lies beside the plug-in.</summary>
    sealed class PluginContext(string path) : AssemblyLoadContext(Path.GetFileNameWithoutExtension(path))
    {
        readonly AssemblyDependencyResolver _resolver = new(path);

        protected override Assembly? Load(AssemblyName name)
        {
            if (Default.Assemblies.FirstOrDefault(a => a.GetName().Name == name.Name) is { } shared)
                return shared;
            return _resolver.ResolveAssemblyToPath(name) is { } own ? LoadFromAssemblyPath(own) : null;
        }
    }
}
