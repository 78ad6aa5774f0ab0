using System.Collections.Concurrent;
using Temporal.Protocol;

namespace Temporal.Engine;

/// <summary>Which permission a method needs. What is not known to be harmless needs the permission to write.</summary>
static class MethodAccess
{
    static readonly string[] Looking = ["Describe", "List", "Get", "Count", "Scan", "Query"];

    static readonly HashSet<string> Changing =
    [
        WorkflowServiceMethods.RegisterNamespace.Path,
        WorkflowServiceMethods.UpdateNamespace.Path,
        WorkflowServiceMethods.DeprecateNamespace.Path,
        OperatorServiceMethods.AddSearchAttributes.Path,
        OperatorServiceMethods.RemoveSearchAttributes.Path,
        OperatorServiceMethods.DeleteNamespace.Path,
    ];

    static readonly ConcurrentDictionary<string, EnginePermission> Known = new(StringComparer.Ordinal);

    /// <summary>Health is for whoever watches the server; it tells nothing of what is in it.</summary>
    public static bool IsForEveryone(string path) => path == HealthService.Check.Path;

    /// <summary>What a client asks before it does anything. It tells which server this is, and needs a key but no permission.</summary>
    public static bool IsForEveryKey(string path) =>
        path == WorkflowServiceMethods.GetSystemInfo.Path || path == WorkflowServiceMethods.GetClusterInfo.Path;

    /// <param name="path">A path that the engine answers, so that the memory of them is bounded.</param>
    public static EnginePermission Of(string path) => Known.GetOrAdd(path, static path =>
    {
        if (Changing.Contains(path))
            return EnginePermission.Admin;
        if (path == WorkflowServiceMethods.PollWorkflowExecutionUpdate.Path)
            return EnginePermission.Read;
        var method = path[(path.LastIndexOf('/') + 1)..];
        return Array.Exists(Looking, word => method.StartsWith(word, StringComparison.Ordinal))
            ? EnginePermission.Read
            : EnginePermission.Write;
    });
}
