using System.Reflection;
using Temporalio.Converters;
using Temporalio.Workflows;

namespace Temporalio.Worker.Invocation;

/// <summary>What the members of a workflow type are for, and everything that is wrong with them.</summary>
sealed class WorkflowMembers
{
    const BindingFlags AnyMember = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    readonly List<string> _problems = [];
    readonly Dictionary<string, MethodInfo> _validators = new(StringComparer.Ordinal);

    public MethodInfo? Run { get; private set; }

    public ConstructorInfo? Init { get; private set; }

    public Func<object?, WorkflowDefinitionOptions>? OptionsGetter { get; private set; }

    public Dictionary<string, WorkflowSignalDefinition> Signals { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, WorkflowQueryDefinition> Queries { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, WorkflowUpdateDefinition> Updates { get; } = new(StringComparer.Ordinal);

    public WorkflowSignalDefinition? DynamicSignal { get; private set; }

    public WorkflowQueryDefinition? DynamicQuery { get; private set; }

    public WorkflowUpdateDefinition? DynamicUpdate { get; private set; }

    public IReadOnlyList<string> Problems => _problems;

    public static WorkflowMembers Of(Type type, bool isDynamic)
    {
        var members = new WorkflowMembers();
        var methods = type.GetMethods(AnyMember);
        members.ReadValidators(methods);
        foreach (var method in methods)
            members.Read(method, type);
        foreach (var property in type.GetProperties(AnyMember))
            members.Read(property);
        members.ReadInit(type);
        members.CheckRun(isDynamic);
        return members;
    }

    void ReadValidators(MethodInfo[] methods)
    {
        foreach (var method in methods)
        {
            if (method.GetCustomAttribute<WorkflowUpdateValidatorAttribute>() is not { } validator)
                continue;
            if (!_validators.TryAdd(validator.UpdateMethod, method))
                _problems.Add($"More than one method validates '{validator.UpdateMethod}'.");
            if (!methods.Any(
                other => other.Name == validator.UpdateMethod && other.GetCustomAttribute<WorkflowUpdateAttribute>() is not null))
                _problems.Add($"'{method.Name}' validates '{validator.UpdateMethod}', which is no method with [WorkflowUpdate].");
        }
    }

    void Read(MethodInfo method, Type type)
    {
        if (method.GetCustomAttribute<WorkflowRunAttribute>() is not null)
            ReadRun(method, type);
        if (method.GetCustomAttribute<WorkflowSignalAttribute>() is not null)
            Try(method, () => Add(WorkflowSignalDefinition.FromMethod(method)));
        if (method.GetCustomAttribute<WorkflowQueryAttribute>() is not null)
            Try(method, () => Add(WorkflowQueryDefinition.FromMethod(method)));
        if (method.GetCustomAttribute<WorkflowUpdateAttribute>() is not null)
            Try(method, () => Add(WorkflowUpdateDefinition.FromMethod(method, _validators.GetValueOrDefault(method.Name))));
        if (method.GetCustomAttribute<WorkflowDynamicOptionsAttribute>() is not null)
            OptionsGetter = instance => (WorkflowDefinitionOptions)AnyTask.Invoke(method, instance, [])!;
    }

    void Read(PropertyInfo property)
    {
        if (property.GetCustomAttribute<WorkflowQueryAttribute>() is not null)
            Try(property, () => Add(WorkflowQueryDefinition.FromProperty(property)));
    }

    void ReadRun(MethodInfo method, Type type)
    {
        if (Run is not null)
            _problems.Add($"Both '{Run.Name}' and '{method.Name}' have [WorkflowRun].");
        if (method.DeclaringType != type)
            _problems.Add($"'{method.Name}' with [WorkflowRun] must be declared on the type itself; override it there.");
        if (!method.IsPublic)
            _problems.Add($"'{method.Name}' with [WorkflowRun] must be public.");
        if (!typeof(Task).IsAssignableFrom(method.ReturnType))
            _problems.Add($"'{method.Name}' with [WorkflowRun] must return Task or Task<T>.");
        Run = method;
    }

    void ReadInit(Type type)
    {
        foreach (var constructor in type.GetConstructors(AnyMember))
        {
            if (constructor.GetCustomAttribute<WorkflowInitAttribute>() is null)
                continue;
            if (Init is not null)
                _problems.Add("More than one constructor has [WorkflowInit].");
            Init = constructor;
        }

        if (Init is not null && Run is not null
            && !Init.GetParameters().Select(parameter => parameter.ParameterType)
                .SequenceEqual(Run.GetParameters().Select(parameter => parameter.ParameterType)))
        {
            _problems.Add($"The constructor with [WorkflowInit] must have the same parameters as '{Run.Name}'.");
        }
    }

    void CheckRun(bool isDynamic)
    {
        if (Run is null)
            _problems.Add("No method has [WorkflowRun].");
        else if (isDynamic && (Run.GetParameters() is not [var only] || only.ParameterType != typeof(IRawValue[])))
            _problems.Add($"'{Run.Name}' of a dynamic workflow must take exactly one parameter of type IRawValue[].");
    }

    void Add(WorkflowSignalDefinition signal)
    {
        if (signal.Name is not { } name)
            DynamicSignal = DynamicSignal is null ? signal : throw new ArgumentException("More than one signal handler is dynamic.");
        else if (!Signals.TryAdd(name, signal))
            _problems.Add($"More than one handler has the signal name '{name}'.");
    }

    void Add(WorkflowQueryDefinition query)
    {
        if (query.Name is not { } name)
            DynamicQuery = DynamicQuery is null ? query : throw new ArgumentException("More than one query handler is dynamic.");
        else if (!Queries.TryAdd(name, query))
            _problems.Add($"More than one handler has the query name '{name}'.");
    }

    void Add(WorkflowUpdateDefinition update)
    {
        if (update.Name is not { } name)
            DynamicUpdate = DynamicUpdate is null ? update : throw new ArgumentException("More than one update handler is dynamic.");
        else if (!Updates.TryAdd(name, update))
            _problems.Add($"More than one handler has the update name '{name}'.");
    }

    void Try(MemberInfo member, Action read)
    {
        if (member is MethodInfo { IsPublic: false } or PropertyInfo { GetMethod.IsPublic: false })
            _problems.Add($"'{member.Name}' handles messages and must be public.");

        try
        {
            read();
        }
        catch (ArgumentException problem)
        {
            _problems.Add(problem.Message);
        }
    }
}
