using Microsoft.Extensions.DependencyInjection;

namespace Temporalio.Extensions.Hosting;

/// <summary>The service scope of the running activity. Interceptors may set either value before the activity starts.</summary>
public static class ActivityScope
{
    static readonly AsyncLocal<IServiceScope?> Scope = new();
    static readonly AsyncLocal<object?> Instance = new();

    /// <summary>The scope to take the activity's instance from; null: a new one per call.</summary>
    public static IServiceScope? ServiceScope
    {
        get => Scope.Value;
        set => Scope.Value = value;
    }

    /// <summary>The instance to call; null: one from the scope.</summary>
    public static object? ScopedInstance
    {
        get => Instance.Value;
        set => Instance.Value = value;
    }
}
