using System.Reflection;
using Temporalio.Api.Common.V1;
using Temporalio.Workflows;

namespace Temporalio.Worker.Interceptors;

/// <summary>A call of the run method.</summary>
/// <param name="Instance">The workflow object.</param>
/// <param name="RunMethod">Its run method.</param>
/// <param name="Args">Converted arguments.</param>
public record ExecuteWorkflowInput(object Instance, MethodInfo RunMethod, object?[] Args);

/// <summary>A signal that reached its handler.</summary>
/// <param name="Signal">Name.</param>
/// <param name="Definition">Handler.</param>
/// <param name="Args">Converted arguments.</param>
/// <param name="Headers">Headers.</param>
public record HandleSignalInput(
    string Signal, WorkflowSignalDefinition Definition, object?[] Args, IReadOnlyDictionary<string, Payload>? Headers);

/// <summary>A query that reached its handler.</summary>
/// <param name="Id">Id of the query.</param>
/// <param name="Query">Name.</param>
/// <param name="Definition">Handler.</param>
/// <param name="Args">Converted arguments.</param>
/// <param name="Headers">Headers.</param>
public record HandleQueryInput(
    string Id, string Query, WorkflowQueryDefinition Definition, object?[] Args, IReadOnlyDictionary<string, Payload>? Headers);

/// <summary>An update that reached its validator or handler.</summary>
/// <param name="Id">Update id.</param>
/// <param name="Update">Name.</param>
/// <param name="Definition">Handler.</param>
/// <param name="Args">Converted arguments.</param>
/// <param name="Headers">Headers.</param>
public record HandleUpdateInput(
    string Id, string Update, WorkflowUpdateDefinition Definition, object?[] Args, IReadOnlyDictionary<string, Payload>? Headers);

/// <summary>A timer to start.</summary>
/// <param name="Delay">How long.</param>
/// <param name="CancellationToken">What ends it; null is the workflow's own token.</param>
/// <param name="Summary">A line for user interfaces.</param>
public record DelayAsyncInput(TimeSpan Delay, CancellationToken? CancellationToken, string? Summary);

/// <summary>An activity to schedule.</summary>
/// <param name="Activity">Type name.</param>
/// <param name="Args">Arguments.</param>
/// <param name="Options">Options.</param>
/// <param name="Headers">Headers to send; an interceptor may put a dictionary here.</param>
public record ScheduleActivityInput(
    string Activity, IReadOnlyCollection<object?> Args, ActivityOptions Options, IDictionary<string, Payload>? Headers);

/// <summary>A local activity to schedule.</summary>
/// <param name="Activity">Type name.</param>
/// <param name="Args">Arguments.</param>
/// <param name="Options">Options.</param>
/// <param name="Headers">Headers to pass on.</param>
public record ScheduleLocalActivityInput(
    string Activity, IReadOnlyCollection<object?> Args, LocalActivityOptions Options, IDictionary<string, Payload>? Headers);

/// <summary>A child workflow to start.</summary>
/// <param name="Workflow">Type name.</param>
/// <param name="Args">Arguments.</param>
/// <param name="Options">Options.</param>
/// <param name="Headers">Headers to send.</param>
public record StartChildWorkflowInput(
    string Workflow, IReadOnlyCollection<object?> Args, ChildWorkflowOptions Options, IDictionary<string, Payload>? Headers);

/// <summary>A signal to a child workflow.</summary>
/// <param name="Id">Workflow id.</param>
/// <param name="Signal">Name.</param>
/// <param name="Args">Arguments.</param>
/// <param name="Options">Options.</param>
/// <param name="Headers">Headers to send.</param>
public record SignalChildWorkflowInput(
    string Id, string Signal, IReadOnlyCollection<object?> Args, ChildWorkflowSignalOptions? Options,
    IDictionary<string, Payload>? Headers);

/// <summary>A signal to another workflow.</summary>
/// <param name="Id">Workflow id.</param>
/// <param name="RunId">Run id; null is the current run.</param>
/// <param name="Signal">Name.</param>
/// <param name="Args">Arguments.</param>
/// <param name="Options">Options.</param>
/// <param name="Headers">Headers to send.</param>
public record SignalExternalWorkflowInput(
    string Id,
    string? RunId,
    string Signal,
    IReadOnlyCollection<object?> Args,
    ExternalWorkflowSignalOptions? Options,
    IDictionary<string, Payload>? Headers);

/// <summary>A cancellation to ask of another workflow.</summary>
/// <param name="Id">Workflow id.</param>
/// <param name="RunId">Run id; null is the current run.</param>
public record CancelExternalWorkflowInput(string Id, string? RunId);

/// <summary>A continue-as-new to prepare.</summary>
/// <param name="Workflow">Type of the next run.</param>
/// <param name="Args">Its arguments.</param>
/// <param name="Options">What changes.</param>
/// <param name="Headers">Headers to send.</param>
public record CreateContinueAsNewExceptionInput(
    string Workflow, IReadOnlyCollection<object?> Args, ContinueAsNewOptions? Options, IDictionary<string, Payload>? Headers);
