using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.ExceptionServices;

namespace Temporalio.Worker.Invocation;

/// <summary>Awaits what a user's method returned, whatever its type.</summary>
static class AnyTask
{
    static readonly ConcurrentDictionary<Type, Func<Task, object?>?> Results = new();

    /// <summary>The type that a method's caller gets: <c>T</c> of <c>Task&lt;T&gt;</c>, <c>void</c> of <c>Task</c>.</summary>
    public static Type ResultType(Type returnType)
    {
        if (returnType == typeof(Task) || returnType == typeof(ValueTask))
            return typeof(void);
        return returnType.IsGenericType && returnType.GetGenericTypeDefinition() == typeof(Task<>)
            ? returnType.GetGenericArguments()[0]
            : returnType;
    }

    public static async Task<object?> ResultAsync(object? returned)
    {
        if (returned is not Task task)
            return returned;

        await task;
        return ResultOf(task);
    }

    /// <summary>Calls a method so that its own exception is thrown and not a wrapper around it.</summary>
    public static object? Invoke(MethodInfo method, object? target, object?[] arguments)
    {
        try
        {
            return method.Invoke(target, BindingFlags.DoNotWrapExceptions, binder: null, arguments, culture: null);
        }
        catch (TargetInvocationException wrapped) when (wrapped.InnerException is { } inner)
        {
            ExceptionDispatchInfo.Capture(inner).Throw();
            throw;
        }
    }

    static object? ResultOf(Task task) => Results.GetOrAdd(task.GetType(), Reader)?.Invoke(task);

    // An async method's task is of a compiler's type; its base Task<T> has the result, and Task<VoidTaskResult> has none.
    static Func<Task, object?>? Reader(Type type)
    {
        var generic = type;
        while (generic is not null && !(generic.IsGenericType && generic.GetGenericTypeDefinition() == typeof(Task<>)))
            generic = generic.BaseType;
        if (generic is null || generic.GetGenericArguments()[0].Name == "VoidTaskResult")
            return null;

        var maker = typeof(AnyTask).GetMethod(nameof(TypedReader), BindingFlags.NonPublic | BindingFlags.Static)!;
        return (Func<Task, object?>)maker.MakeGenericMethod(generic.GetGenericArguments()[0]).Invoke(null, null)!;
    }

    static Func<Task, object?> TypedReader<T>() => task => ((Task<T>)task).Result;
}
