using System.Reflection;
using Temporalio.Common;
using Temporalio.Converters;
using Temporalio.Worker.Invocation;

namespace Temporalio.Workflows;

/// <summary>A workflow type: its run method and its handlers.</summary>
public class WorkflowDefinition
{
    readonly Func<object?[], object>? _creator;

    internal WorkflowDefinition(
        Type type, string? name, WorkflowAttribute attribute, WorkflowMembers members, Func<object?[], object>? creator)
    {
        Type = type;
        Name = name;
        RunMethod = members.Run!;
        RunParameters = RunMethod.GetParameters();
        Signals = members.Signals;
        Queries = members.Queries;
        Updates = members.Updates;
        DynamicSignal = members.DynamicSignal;
        DynamicQuery = members.DynamicQuery;
        DynamicUpdate = members.DynamicUpdate;
        FailureExceptionTypes = attribute.FailureExceptionTypes;
        VersioningBehavior = attribute.VersioningBehavior;
        DynamicOptionsGetter = members.OptionsGetter;
        InitTakesArguments = members.Init is not null;
        _creator = creator ?? Creator(type, members.Init);
    }

    /// <summary>Type name; null for a dynamic workflow.</summary>
    public string? Name { get; }

    /// <summary>Whether it serves every type that nothing else serves.</summary>
    public bool Dynamic => Name is null;

    /// <summary>The class.</summary>
    public Type Type { get; }

    /// <summary>The method that is the workflow.</summary>
    public MethodInfo RunMethod { get; }

    /// <summary>Whether a worker can make instances; not of an interface or abstract class.</summary>
    public bool Instantiable => _creator is not null;

    /// <summary>Signal handlers by name.</summary>
    public IReadOnlyDictionary<string, WorkflowSignalDefinition> Signals { get; }

    /// <summary>Handler of all other signals.</summary>
    public WorkflowSignalDefinition? DynamicSignal { get; }

    /// <summary>Query handlers by name.</summary>
    public IReadOnlyDictionary<string, WorkflowQueryDefinition> Queries { get; }

    /// <summary>Handler of all other queries.</summary>
    public WorkflowQueryDefinition? DynamicQuery { get; }

    /// <summary>Update handlers by name.</summary>
    public IReadOnlyDictionary<string, WorkflowUpdateDefinition> Updates { get; }

    /// <summary>Handler of all other updates.</summary>
    public WorkflowUpdateDefinition? DynamicUpdate { get; }

    /// <summary>Exceptions that fail the workflow instead of its task.</summary>
    public Type[]? FailureExceptionTypes { get; }

    /// <summary>How runs move to newer worker versions.</summary>
    public VersioningBehavior? VersioningBehavior { get; }

    /// <summary>Gives the options of a dynamic workflow from its object.</summary>
    public Func<object?, WorkflowDefinitionOptions>? DynamicOptionsGetter { get; }

    internal ParameterInfo[] RunParameters { get; }

    internal bool InitTakesArguments { get; }

    /// <summary>The definition of a type.</summary>
    /// <typeparam name="T">Type with the attribute.</typeparam>
    public static WorkflowDefinition Create<T>() => Create(typeof(T));

    /// <summary>The definition of a type.</summary>
    public static WorkflowDefinition Create(Type type) => Create(type, null, null);

    /// <summary>The definition of a type with another name or another way to make instances.</summary>
    /// <exception cref="ArgumentException">The type is no workflow; all problems are in the message.</exception>
    public static WorkflowDefinition Create(Type type, string? nameOverride, Func<object?[], object>? creatorOverride)
    {
        var attribute = type.GetCustomAttribute<WorkflowAttribute>(inherit: false)
            ?? throw new ArgumentException($"{type} has no [Workflow] attribute.");
        var name = attribute.Dynamic && nameOverride is null ? null : nameOverride ?? attribute.Name ?? MemberNames.DefaultWorkflow(type);
        var members = WorkflowMembers.Of(type, isDynamic: name is null);
        return members.Problems.Count == 0
            ? new(type, name, attribute, members, creatorOverride)
            : throw new ArgumentException($"{type} is not a valid workflow: {string.Join(" ", members.Problems)}");
    }

    /// <summary>A new workflow object.</summary>
    public object CreateWorkflowInstance(object?[] workflowArguments) =>
        _creator?.Invoke(workflowArguments)
            ?? throw new InvalidOperationException($"{Type} is abstract or an interface and has no instances.");

    static Func<object?[], object>? Creator(Type type, ConstructorInfo? init)
    {
        if (type.IsAbstract || type.IsInterface)
            return null;
        if (init is not null)
            return arguments => init.Invoke(BindingFlags.DoNotWrapExceptions, binder: null, arguments, culture: null);

        const BindingFlags any = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DoNotWrapExceptions;
        return _ => Activator.CreateInstance(type, any, null, null, null)!;
    }
}
