using Microsoft.Extensions.Logging;

namespace Temporalio.Worker.Execution;

/// <summary>A workflow's logger: names the run in every event and says nothing twice.</summary>
sealed class WorkflowLogger(WorkflowInstance workflow, ILogger inner) : ILogger
{
    Dictionary<string, object>? _scope;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => inner.BeginScope(state);

    public bool IsEnabled(LogLevel logLevel) => !workflow.IsReplayingHistoryEvents && inner.IsEnabled(logLevel);

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel))
            return;

        _scope ??= new()
        {
            ["Attempt"] = workflow.Info.Attempt,
            ["Namespace"] = workflow.Info.Namespace,
            ["RunId"] = workflow.Info.RunId,
            ["TaskQueue"] = workflow.Info.TaskQueue,
            ["WorkflowId"] = workflow.Info.WorkflowId,
            ["WorkflowType"] = workflow.Info.WorkflowType,
        };
        using (inner.BeginScope(_scope))
            inner.Log(logLevel, eventId, state, exception, formatter);
    }
}
