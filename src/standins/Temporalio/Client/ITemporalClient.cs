using Temporalio.Client.Interceptors;
using Temporalio.Client.Schedules;
using Temporalio.Exceptions;
using Temporalio.Worker;

namespace Temporalio.Client;

/// <summary>What can be done with one namespace of a Temporal server. Safe for concurrent use.</summary>
public partial interface ITemporalClient : IWorkerClient
{
    ITemporalConnection Connection { get; }

    /// <summary>The first of the interceptors, or the client's own calls when there are none.</summary>
    ClientOutboundInterceptor OutboundInterceptor { get; }

    /// <summary>The server's workflow API, message by message.</summary>
    WorkflowService WorkflowService { get; }

    /// <summary>The server's operator API, message by message.</summary>
    OperatorService OperatorService { get; }

    /// <summary>Starts a workflow by name.</summary>
    /// <exception cref="WorkflowAlreadyStartedException">The id policies do not allow it.</exception>
    /// <exception cref="ArgumentException">Id or task queue is missing.</exception>
    Task<WorkflowHandle> StartWorkflowAsync(string workflow, IReadOnlyCollection<object?> args, WorkflowOptions options);

    /// <summary>A handle for a workflow known by its id. Makes no call.</summary>
    /// <param name="id">The workflow's id.</param>
    /// <param name="runId">The run; null: the latest.</param>
    /// <param name="firstExecutionRunId">Cancel and terminate only a run that goes back to this one.</param>
    WorkflowHandle GetWorkflowHandle(string id, string? runId = null, string? firstExecutionRunId = null);

    /// <inheritdoc cref="GetWorkflowHandle(string, string?, string?)"/>
    WorkflowHandle<TWorkflow> GetWorkflowHandle<TWorkflow>(
        string id, string? runId = null, string? firstExecutionRunId = null);

    /// <inheritdoc cref="GetWorkflowHandle(string, string?, string?)"/>
    WorkflowHandle<TWorkflow, TResult> GetWorkflowHandle<TWorkflow, TResult>(
        string id, string? runId = null, string? firstExecutionRunId = null);

    /// <summary>Starts a workflow, unless it runs already, and an update of it in one step.</summary>
    Task<WorkflowUpdateHandle> StartUpdateWithStartWorkflowAsync(
        string update, IReadOnlyCollection<object?> args, WorkflowStartUpdateWithStartOptions options);

    /// <inheritdoc cref="StartUpdateWithStartWorkflowAsync(string, IReadOnlyCollection{object?}, WorkflowStartUpdateWithStartOptions)"/>
    Task<WorkflowUpdateHandle<TUpdateResult>> StartUpdateWithStartWorkflowAsync<TUpdateResult>(
        string update, IReadOnlyCollection<object?> args, WorkflowStartUpdateWithStartOptions options);

    /// <summary>The workflows that match a list filter such as <c>WorkflowType = 'backup' AND ExecutionStatus = 'Failed'</c>.</summary>
    /// <param name="query">The filter; empty for all.</param>
    /// <param name="options">Limit and the like.</param>
    IAsyncEnumerable<WorkflowExecution> ListWorkflowsAsync(string query, WorkflowListOptions? options = null);

    /// <summary>One page of <see cref="ListWorkflowsAsync"/>.</summary>
    Task<WorkflowListPage> ListWorkflowsPaginatedAsync(
        string query, byte[]? nextPageToken, WorkflowListPaginatedOptions? options = null);

    /// <summary>How many workflows match a list filter.</summary>
    Task<WorkflowExecutionCount> CountWorkflowsAsync(string query, WorkflowCountOptions? options = null);

    /// <summary>A handle for an activity that is completed from outside. Makes no call.</summary>
    AsyncActivityHandle GetAsyncActivityHandle(byte[] taskToken);

    /// <inheritdoc cref="GetAsyncActivityHandle(byte[])"/>
    AsyncActivityHandle GetAsyncActivityHandle(string workflowId, string runId, string activityId);

    /// <summary>Creates a schedule.</summary>
    /// <exception cref="ScheduleAlreadyRunningException">There is one of this id.</exception>
    Task<ScheduleHandle> CreateScheduleAsync(string scheduleId, Schedule schedule, ScheduleOptions? options = null);

    /// <summary>A handle for a schedule known by its id. Makes no call.</summary>
    ScheduleHandle GetScheduleHandle(string scheduleId);

    /// <summary>All schedules; a new or changed one may be missing for a moment.</summary>
    IAsyncEnumerable<ScheduleListDescription> ListSchedulesAsync(ScheduleListOptions? options = null);
}
