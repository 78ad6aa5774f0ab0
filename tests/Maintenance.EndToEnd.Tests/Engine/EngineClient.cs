using Google.Protobuf;
using Grpc.Health.V1;
using Temporal.Protocol;
using Temporalio.Api.Common.V1;

namespace Maintenance.EndToEnd.Tests.Engine;

/// <summary>Starts and looks up workflows on a running engine, and nothing more: no worker ever comes for them.</summary>
sealed class EngineClient(string address) : IAsyncDisposable
{
    static readonly RpcCallOptions Options = new() { Timeout = TimeSpan.FromSeconds(10) };

    readonly RpcChannel _channel = RpcChannel.Connect(new() { Address = address });

    public Task StartWorkflowAsync(string id, int inputBytes = 10) => _channel.CallAsync(
        WorkflowServiceMethods.StartWorkflowExecution,
        new()
        {
            Namespace = "default", WorkflowId = id, RequestId = id, WorkflowType = new() { Name = "none" }, TaskQueue = new() { Name = "none" },
            Input = new Payloads { Payloads_ = { new Payload { Data = ByteString.CopyFrom(new byte[inputBytes]) } } },
        },
        Options, CancellationToken.None);

    public Task SignalAsync(string id, string name) => _channel.CallAsync(
        WorkflowServiceMethods.SignalWorkflowExecution,
        new() { Namespace = "default", WorkflowExecution = new() { WorkflowId = id }, SignalName = name, RequestId = name },
        Options, CancellationToken.None);

    public async Task TerminateAsync(string runId)
    {
        var open = await _channel.CallAsync(
            WorkflowServiceMethods.ListWorkflowExecutions, new() { Namespace = "default", Query = $"RunId = '{runId}'" }, Options, CancellationToken.None);
        await _channel.CallAsync(
            WorkflowServiceMethods.TerminateWorkflowExecution,
            new() { Namespace = "default", WorkflowExecution = open.Executions.Single().Execution, Reason = "by a test" }, Options, CancellationToken.None);
    }

    /// <summary>The names of the signals in a workflow's history; the call fails when there is no such workflow.</summary>
    public async Task<IReadOnlyList<string>> SignalsAsync(string id)
    {
        var history = await _channel.CallAsync(
            WorkflowServiceMethods.GetWorkflowExecutionHistory,
            new() { Namespace = "default", Execution = new() { WorkflowId = id } }, Options, CancellationToken.None);
        return [.. history.History.Events.Select(one => one.WorkflowExecutionSignaledEventAttributes?.SignalName).OfType<string>()];
    }

    public async Task<HealthCheckResponse.Types.ServingStatus> HealthAsync() =>
        (await _channel.CallAsync(HealthService.Check, new(), Options, CancellationToken.None)).Status;

    public ValueTask DisposeAsync() => _channel.DisposeAsync();
}
