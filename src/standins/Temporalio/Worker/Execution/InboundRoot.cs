using Temporalio.Worker.Interceptors;
using Temporalio.Worker.Invocation;

namespace Temporalio.Worker.Execution;

/// <summary>The last inbound interceptor: calls the workflow's own methods.</summary>
sealed class InboundRoot(WorkflowInstance workflow) : WorkflowInboundInterceptor
{
    public WorkflowOutboundInterceptor? Outbound { get; private set; }

    public override void Init(WorkflowOutboundInterceptor outbound) => Outbound = outbound;

    public override Task<object?> ExecuteWorkflowAsync(ExecuteWorkflowInput input) =>
        AnyTask.ResultAsync(AnyTask.Invoke(input.RunMethod, input.Instance, input.Args));

    public override Task HandleSignalAsync(HandleSignalInput input) =>
        AnyTask.ResultAsync(input.Definition.Handler.Invoke(workflow.Instance, input.Args));

    public override object? HandleQuery(HandleQueryInput input) => input.Definition.Handler.Invoke(workflow.Instance, input.Args);

    public override void ValidateUpdate(HandleUpdateInput input) => input.Definition.Validator?.Invoke(workflow.Instance, input.Args);

    public override Task<object?> HandleUpdateAsync(HandleUpdateInput input) =>
        AnyTask.ResultAsync(input.Definition.Handler.Invoke(workflow.Instance, input.Args));
}
