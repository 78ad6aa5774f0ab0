using Microsoft.Extensions.Logging;
using Temporalio.Activities;

namespace Temporalio.Worker.Activities;

/// <summary>An activity's logger: names the attempt in every event.</summary>
sealed class ActivityLogger(ActivityInfo info, ILogger inner) : ILogger
{
    Dictionary<string, object>? _scope;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => inner.BeginScope(state);

    public bool IsEnabled(LogLevel logLevel) => inner.IsEnabled(logLevel);

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        _scope ??= new()
        {
            ["ActivityId"] = info.ActivityId,
            ["ActivityType"] = info.ActivityType,
            ["Attempt"] = info.Attempt,
            ["Namespace"] = info.Namespace,
            ["TaskQueue"] = info.TaskQueue,
            ["WorkflowId"] = info.WorkflowId ?? string.Empty,
            ["WorkflowRunId"] = info.WorkflowRunId ?? string.Empty,
            ["WorkflowType"] = info.WorkflowType ?? string.Empty,
        };
        using (inner.BeginScope(_scope))
            inner.Log(logLevel, eventId, state, exception, formatter);
    }
}
