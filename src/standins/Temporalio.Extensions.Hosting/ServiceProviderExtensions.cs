using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Temporalio.Activities;

namespace Temporalio.Extensions.Hosting;

/// <summary>Activities whose instances come from a service provider, one scope per call.</summary>
public static class ServiceProviderExtensions
{
    public static IReadOnlyCollection<ActivityDefinition> CreateTemporalActivityDefinitions<T>(this IServiceProvider provider) =>
        provider.CreateTemporalActivityDefinitions(typeof(T));

    /// <summary>One for each public method of the type that has the attribute.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static IReadOnlyCollection<ActivityDefinition> CreateTemporalActivityDefinitions(
        this IServiceProvider provider, Type type)
    {
        var definitions = type
            .GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.Instance | BindingFlags.FlattenHierarchy)
            .Where(method => method.IsDefined(typeof(ActivityAttribute)))
            .Select(method => provider.CreateTemporalActivityDefinition(type, method))
            .ToList();
        return definitions.Count > 0
            ? definitions
            : throw new ArgumentException($"{type} has no public method with the [Activity] attribute.", nameof(type));
    }

    public static ActivityDefinition CreateTemporalActivityDefinition(
        this IServiceProvider provider, Type instanceType, MethodInfo method)
    {
        var call = new ActivityCall(method);
        return ActivityDefinition.Create(method, args => InvokeAsync(provider, instanceType, call, args));
    }

    static async Task<object?> InvokeAsync(IServiceProvider provider, Type instanceType, ActivityCall call, object?[] args)
    {
        if (call.IsStatic)
            return await call.InvokeAsync(null, args);
        if (ActivityScope.ScopedInstance is { } given)
            return await call.InvokeAsync(given, args);
        if (ActivityScope.ServiceScope is { } outer)
            return await call.InvokeAsync(outer.ServiceProvider.GetRequiredService(instanceType), args);

        await using var scope = provider.CreateAsyncScope();
        ActivityScope.ServiceScope = scope;
        return await call.InvokeAsync(scope.ServiceProvider.GetRequiredService(instanceType), args);
    }
}
