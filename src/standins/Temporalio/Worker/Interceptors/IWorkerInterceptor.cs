namespace Temporalio.Worker.Interceptors;

/// <summary>Stands between the worker and the code it runs.</summary>
public interface IWorkerInterceptor
{
    /// <summary>An interceptor for one workflow run, in front of the next one.</summary>
    WorkflowInboundInterceptor InterceptWorkflow(WorkflowInboundInterceptor nextInterceptor) => nextInterceptor;

    /// <summary>An interceptor for one activity attempt, in front of the next one.</summary>
    ActivityInboundInterceptor InterceptActivity(ActivityInboundInterceptor nextInterceptor) => nextInterceptor;
}
