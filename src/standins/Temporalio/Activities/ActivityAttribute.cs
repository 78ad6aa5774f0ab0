namespace Temporalio.Activities;

/// <summary>
/// Marks a method as an activity. The name defaults to the method's, without a trailing <c>Async</c> when it returns a task.
/// </summary>
[AttributeUsage(AttributeTargets.Method, Inherited = false)]
public sealed class ActivityAttribute : Attribute
{
    /// <summary>An activity that is named for its method.</summary>
    public ActivityAttribute()
    {
    }

    /// <summary>An activity with this name.</summary>
    public ActivityAttribute(string name) => Name = name;

    /// <summary>The given name; null when it follows from the method.</summary>
    public string? Name { get; }

    /// <summary>Serves every activity type that nothing else serves. The method then takes one <c>IRawValue[]</c>.</summary>
    public bool Dynamic { get; set; }
}
