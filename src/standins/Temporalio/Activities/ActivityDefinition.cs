using System.Reflection;
using Temporalio.Converters;
using Temporalio.Worker.Invocation;

namespace Temporalio.Activities;

/// <summary>An activity that a worker can run.</summary>
public class ActivityDefinition
{
    readonly Func<object?[], object?> _invoker;

    ActivityDefinition(
        string? name,
        Type returnType,
        IReadOnlyCollection<Type> parameterTypes,
        int requiredParameterCount,
        Func<object?[], object?> invoker,
        MethodInfo? methodInfo)
    {
        Name = name;
        ReturnType = returnType;
        ParameterTypes = parameterTypes;
        RequiredParameterCount = requiredParameterCount;
        MethodInfo = methodInfo;
        Parameters = methodInfo?.GetParameters();
        _invoker = invoker;
        if (name is null && (ParameterTypes.Count != 1 || ParameterTypes.First() != typeof(IRawValue[])))
            throw new ArgumentException("A dynamic activity takes exactly one parameter of type IRawValue[].");
    }

    /// <summary>Type name; null for a dynamic activity.</summary>
    public string? Name { get; }

    /// <summary>Whether it serves every type that nothing else serves.</summary>
    public bool Dynamic => Name is null;

    /// <summary>Return type of the method, such as <c>Task&lt;string&gt;</c>.</summary>
    public Type ReturnType { get; }

    /// <summary>Types of the parameters.</summary>
    public IReadOnlyCollection<Type> ParameterTypes { get; }

    /// <summary>How many parameters have no default.</summary>
    public int RequiredParameterCount { get; }

    /// <summary>The method, when it was made from one.</summary>
    public MethodInfo? MethodInfo { get; }

    internal ParameterInfo[]? Parameters { get; }

    /// <summary>A definition from a delegate whose method has the attribute.</summary>
    public static ActivityDefinition Create(Delegate del)
    {
        ArgumentNullException.ThrowIfNull(del);
        return Create(del.Method, arguments => AnyTask.Invoke(del.Method, del.Target, arguments));
    }

    /// <summary>A definition from a method that has the attribute.</summary>
    public static ActivityDefinition Create(MethodInfo method, Func<object?[], object?> invoker)
    {
        var attribute = method.GetCustomAttribute<ActivityAttribute>()
            ?? throw new ArgumentException($"{MemberNames.Of(method)} has no [Activity] attribute.");
        return CreateWithoutAttribute(attribute.Dynamic ? null : attribute.Name ?? MemberNames.Method(method), method, invoker);
    }

    /// <summary>A definition from its parts.</summary>
    public static ActivityDefinition Create(
        string? name, Type returnType, IReadOnlyCollection<Type> parameterTypes, int requiredParameterCount,
        Func<object?[], object?> invoker) =>
        new(name, returnType, parameterTypes, requiredParameterCount, invoker, methodInfo: null);

    /// <summary>A definition from a method, attribute or not.</summary>
    public static ActivityDefinition CreateWithoutAttribute(string? name, MethodInfo method, Func<object?[], object?> invoker)
    {
        if (method.ContainsGenericParameters)
            throw new ArgumentException($"{MemberNames.Of(method)} is generic; an activity needs all its types.");

        var parameters = method.GetParameters();
        if (parameters.Any(parameter => parameter.ParameterType.IsByRef))
            throw new ArgumentException($"{MemberNames.Of(method)} has ref or out parameters, which an activity cannot have.");
        return new(
            name,
            method.ReturnType,
            [.. parameters.Select(parameter => parameter.ParameterType)],
            parameters.Count(parameter => !parameter.HasDefaultValue),
            invoker,
            method);
    }

    /// <summary>One definition for each method of the instance that has the attribute.</summary>
    /// <typeparam name="T">Type whose methods are taken.</typeparam>
    public static IReadOnlyCollection<ActivityDefinition> CreateAll<T>(T instance) => CreateAll(typeof(T), instance);

    /// <summary>One definition for each method of the type that has the attribute. Without an instance all of them are static.</summary>
    public static IReadOnlyCollection<ActivityDefinition> CreateAll(Type type, object? instance)
    {
        var definitions = new List<ActivityDefinition>();
        foreach (var method in type.GetMethods(
            BindingFlags.Public | BindingFlags.Static | BindingFlags.Instance | BindingFlags.FlattenHierarchy))
        {
            if (method.GetCustomAttribute<ActivityAttribute>() is null)
                continue;
            if (instance is null && !method.IsStatic)
                throw new InvalidOperationException(
                    $"{MemberNames.Of(method)} is an instance method, but no instance of {type} was given.");

            var target = method.IsStatic ? null : instance;
            definitions.Add(Create(method, arguments => AnyTask.Invoke(method, target, arguments)));
        }

        return definitions.Count > 0
            ? definitions
            : throw new ArgumentException($"{type} has no public method with the [Activity] attribute.");
    }

    /// <summary>Runs the activity and waits for it.</summary>
    public Task<object?> InvokeAsync(object?[] parameters) => AnyTask.ResultAsync(_invoker(parameters));
}
