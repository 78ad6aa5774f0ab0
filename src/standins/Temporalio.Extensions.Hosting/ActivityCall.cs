using System.Reflection;

namespace Temporalio.Extensions.Hosting;

/// <summary>Calls one activity method and waits for it, whatever it returns.</summary>
sealed class ActivityCall(MethodInfo method)
{
    readonly PropertyInfo? _taskResult = typeof(Task).IsAssignableFrom(method.ReturnType) && method.ReturnType.IsGenericType
        ? method.ReturnType.GetProperty(nameof(Task<>.Result))
        : null;

    public bool IsStatic => method.IsStatic;

    public async Task<object?> InvokeAsync(object? instance, object?[] args)
    {
        var returned = method.Invoke(instance, BindingFlags.DoNotWrapExceptions, null, args, null);
        if (returned is not Task task)
            return returned;

        await task;
        return _taskResult?.GetValue(task);
    }
}
