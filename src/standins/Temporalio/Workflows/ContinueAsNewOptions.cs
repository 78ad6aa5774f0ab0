using Temporalio.Common;

namespace Temporalio.Workflows;

/// <summary>What the next run changes; everything not said stays as it is.</summary>
public class ContinueAsNewOptions : ICloneable
{
    /// <summary>Task queue.</summary>
    public string? TaskQueue { get; set; }

    /// <summary>Limit of the next run.</summary>
    public TimeSpan? RunTimeout { get; set; }

    /// <summary>Limit of its workflow tasks.</summary>
    public TimeSpan? TaskTimeout { get; set; }

    /// <summary>Wait before its first workflow task.</summary>
    public TimeSpan? BackoffStartInterval { get; set; }

    /// <summary>Retry policy.</summary>
    public RetryPolicy? RetryPolicy { get; set; }

    /// <summary>Memo, in place of the current one.</summary>
    public IReadOnlyDictionary<string, object>? Memo { get; set; }

    /// <summary>Search attributes, in place of the current ones.</summary>
    public SearchAttributeCollection? TypedSearchAttributes { get; set; }

    /// <summary>How its first task chooses a worker version.</summary>
    public InitialVersioningBehavior? InitialVersioningBehavior { get; set; }

    /// <inheritdoc />
    public virtual object Clone() => MemberwiseClone();
}
