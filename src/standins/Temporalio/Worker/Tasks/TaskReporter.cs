using Google.Protobuf.WellKnownTypes;
using Microsoft.Extensions.Logging;
using Temporal.Protocol;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.Failure.V1;
using Temporalio.Api.Query.V1;
using Temporalio.Api.Sdk.V1;
using Temporalio.Api.TaskQueue.V1;
using Temporalio.Api.WorkflowService.V1;
using Temporalio.Client;
using Temporalio.Exceptions;
using Temporalio.Worker.Execution;
using Temporalio.Worker.Invocation;

namespace Temporalio.Worker.Tasks;

/// <summary>Tells the server how workflow tasks and queries ended.</summary>
sealed class TaskReporter(
    WorkflowSettings settings, WorkerRpc rpc, PayloadLimit limit, StickyQueue? sticky, EagerActivities eager, ILogger logger)
{
    const string SdkName = "temporal-dotnet";

    /// <summary>Reports what the code produced. Null when the server did not take it; the run is then not what history says.</summary>
    public async Task<RespondWorkflowTaskCompletedResponse?> CompleteAsync(
        PollWorkflowTaskQueueResponse task,
        WorkflowRun run,
        IReadOnlyDictionary<string, WorkflowQueryResult> queries,
        bool mustHeartbeat,
        CancellationToken abort)
    {
        var request = Request(task, run, queries, mustHeartbeat);
        if (settings.DataConverter.PayloadCodec is { } codec)
            await PayloadWalker.EncodeReplyAsync(codec, request);

        if (await limit.ProblemAsync(request, abort) is { } tooLarge)
        {
            await FailAsync(
                task, new ApplicationFailureException(tooLarge, errorType: "PayloadsTooLarge"), WorkflowTaskFailedCause.PayloadsTooLarge,
                abort);
            return null;
        }

        using var reserved = eager.Reserve(request);
        try
        {
            var reply = await rpc.CallAsync(WorkflowServiceMethods.RespondWorkflowTaskCompleted, request, abort);
            reserved.Start(reply.ActivityTasks);
            return reply;
        }
        catch (RpcException refused) when (IsTooLarge(refused))
        {
            await FailAsync(task, refused, WorkflowTaskFailedCause.GrpcMessageTooLarge, abort);
            return null;
        }
        catch (RpcException refused)
        {
            // News came while the task ran, it timed out, or the workflow is gone: the next task begins from history.
            logger.LogDebug(refused, "Workflow task of {WorkflowId} was not accepted", task.WorkflowExecution.WorkflowId);
            return null;
        }
    }

    public Task FailAsync(PollWorkflowTaskQueueResponse task, Exception problem, CancellationToken abort) =>
        FailAsync(task, problem, CauseOf(problem), abort);

    /// <summary>Fails the workflow itself, where nondeterminism is said to do so.</summary>
    public async Task FailWorkflowAsync(PollWorkflowTaskQueueResponse task, Exception problem, CancellationToken abort)
    {
        var request = Header(task);
        request.Commands.Add(new Api.Command.V1.Command
        {
            CommandType = CommandType.FailWorkflowExecution,
            FailWorkflowExecutionCommandAttributes = new() { Failure = FailureOf(problem) },
        });
        await TryAsync(() => rpc.CallAsync(WorkflowServiceMethods.RespondWorkflowTaskCompleted, request, abort), task);
    }

    /// <summary>Answers a query that came as a task of its own.</summary>
    public async Task AnswerAsync(PollWorkflowTaskQueueResponse task, WorkflowQueryResult result, CancellationToken abort)
    {
        if (settings.DataConverter.PayloadCodec is { } codec)
            await PayloadWalker.EncodeAsync(codec, [result]);

        var request = new RespondQueryTaskCompletedRequest
        {
            Namespace = rpc.Namespace,
            TaskToken = task.TaskToken,
            CompletedType = result.ResultType,
            QueryResult = result.Answer,
            ErrorMessage = result.ErrorMessage,
            Failure = result.Failure,
        };
        await TryAsync(() => rpc.CallAsync(WorkflowServiceMethods.RespondQueryTaskCompleted, request, abort), task);
    }

    public WorkflowQueryResult Unanswered(Exception problem) =>
        new() { ResultType = QueryResultType.Failed, ErrorMessage = problem.Message, Failure = FailureOf(problem) };

    RespondWorkflowTaskCompletedRequest Request(
        PollWorkflowTaskQueueResponse task, WorkflowRun run, IReadOnlyDictionary<string, WorkflowQueryResult> queries, bool mustHeartbeat)
    {
        var instance = run.Instance;
        var request = Header(task);
        request.ReturnNewWorkflowTask = true;
        request.ForceCreateNewWorkflowTask = mustHeartbeat;
        request.StickyAttributes = sticky?.Attributes;
        foreach (var command in instance.Commands.Unsent())
            request.Commands.Add(command.Proto);
        request.Messages.Add(instance.Messages);
        foreach (var (id, result) in queries)
            request.QueryResults.Add(id, result);
        if (task.PreviousStartedEventId == 0)
            request.SdkMetadata = new() { SdkName = SdkName, SdkVersion = ClientVersion.Text };
        if (settings.DeploymentVersion is { } version)
        {
            request.DeploymentOptions = new()
            {
                DeploymentName = version.DeploymentName, BuildId = version.BuildId, WorkerVersioningMode = WorkerVersioningMode.Versioned,
            };
            var behavior = instance.VersioningBehavior is Common.VersioningBehavior.Unspecified
                ? settings.DefaultVersioningBehavior
                : instance.VersioningBehavior;
            request.VersioningBehavior = (VersioningBehavior)(int)behavior;
        }

        return request;
    }

    RespondWorkflowTaskCompletedRequest Header(PollWorkflowTaskQueueResponse task) => new()
    {
        Namespace = rpc.Namespace,
        Identity = rpc.Identity,
        TaskToken = task.TaskToken,
        WorkerInstanceKey = rpc.InstanceKey,
        Capabilities = new() { DiscardSpeculativeWorkflowTaskWithEvents = true },
    };

    Task FailAsync(PollWorkflowTaskQueueResponse task, Exception problem, WorkflowTaskFailedCause cause, CancellationToken abort)
    {
        // Later attempts time out, so that broken code does not fill the history.
        if (task.Attempt > 1)
            return Task.CompletedTask;

        var request = new RespondWorkflowTaskFailedRequest
        {
            Namespace = rpc.Namespace, Identity = rpc.Identity, TaskToken = task.TaskToken, Cause = cause, Failure = FailureOf(problem),
        };
        return TryAsync(() => rpc.CallAsync(WorkflowServiceMethods.RespondWorkflowTaskFailed, request, abort), task);
    }

    Failure FailureOf(Exception problem) =>
        settings.DataConverter.FailureConverter.ToFailure(problem, settings.DataConverter.PayloadConverter);

    async Task TryAsync(Func<Task> call, PollWorkflowTaskQueueResponse task)
    {
        try
        {
            await call();
        }
        catch (RpcException refused)
        {
            // The task has timed out or its workflow is gone. Nothing depends on this report.
            logger.LogDebug(refused, "Report about a task of workflow {WorkflowId} was not accepted", task.WorkflowExecution.WorkflowId);
        }
    }

    static WorkflowTaskFailedCause CauseOf(Exception problem) => problem is WorkflowNondeterminismException
        ? WorkflowTaskFailedCause.NonDeterministicError
        : WorkflowTaskFailedCause.WorkflowWorkerUnhandledFailure;

    static bool IsTooLarge(RpcException refused) =>
        refused.Code == RpcException.StatusCode.ResourceExhausted
            && refused.Message.Contains("message larger than max", StringComparison.Ordinal);
}

/// <summary>This worker's own queue for runs that it has in memory.</summary>
sealed record StickyQueue(string Name, StickyExecutionAttributes Attributes)
{
    public static StickyQueue Of(string identity, string taskQueue, TimeSpan scheduleToStartTimeout)
    {
        var name = $"{identity}-{Guid.NewGuid():N}";
        return new(name, new()
        {
            WorkerTaskQueue = new() { Name = name, Kind = TaskQueueKind.Sticky, NormalName = taskQueue },
            ScheduleToStartTimeout = Duration.FromTimeSpan(scheduleToStartTimeout),
        });
    }
}
