using System.Collections.Concurrent;
using Google.Protobuf.WellKnownTypes;
using Microsoft.Extensions.Logging;
using Temporal.Protocol;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.TaskQueue.V1;
using Temporalio.Api.WorkflowService.V1;
using Temporalio.Client;
using Temporalio.Exceptions;
using Temporalio.Worker.Activities;
using Temporalio.Worker.Execution;
using Temporalio.Worker.History;
using Temporalio.Worker.Interceptors;
using Temporalio.Worker.Polling;
using Temporalio.Worker.Tuning;

namespace Temporalio.Worker.Tasks;

/// <summary>
/// The parts of a worker while it runs, and its end in order: no new polls, then the tasks in work, then activities with their grace
/// period, then everything is free.
/// </summary>
sealed class RunningWorker : IDisposable
{
    readonly TemporalWorkerOptions _options;
    readonly WorkerRpc _rpc;
    readonly WorkflowSettings _settings;
    readonly ActivityWorker _activities;
    readonly WorkflowTaskHandler _workflows;
    readonly ActivationWatchdog _watchdog;
    readonly SlotPool _workflowSlots;
    readonly SlotPool _activitySlots;
    readonly SlotPool _localSlots;
    readonly StickyQueue? _sticky;
    readonly ILogger _logger;
    readonly ConcurrentDictionary<Task, bool> _workflowTasks = new();
    readonly ConcurrentDictionary<Task, bool> _activityTasks = new();
    readonly CancellationTokenSource _abort = new();
    readonly CancellationTokenSource _stopping = new();

    public RunningWorker(TemporalWorker worker, TemporalWorkerOptions options)
    {
        _options = options;
        var client = worker.Client.Options;
        var loggers = options.LoggerFactory ?? client.LoggerFactory;
        _logger = loggers.CreateLogger<TemporalWorker>();
        var identity = options.Identity
            ?? (worker.Client.BridgeClientProvider as TemporalConnection)?.Options.Identity
            ?? $"{Environment.ProcessId}@{Environment.MachineName}";
        _rpc = new(() => worker.Client, client.Namespace, identity, options.TaskQueue!, options.TimeProvider);
        IReadOnlyCollection<IWorkerInterceptor> interceptors =
            [.. (client.Interceptors ?? []).OfType<IWorkerInterceptor>(), .. options.Interceptors ?? []];
        _settings = Settings(worker, options, client, loggers, interceptors);

        var cacheSize = Math.Max(0, options.MaxCachedWorkflows);
        _workflowSlots = SlotPool.Of(
            options.Tuner?.WorkflowTaskSlotSupplier,
            options.MaxConcurrentWorkflowTasks,
            cacheSize == 0 ? int.MaxValue : Math.Max(2, cacheSize));
        _activitySlots = SlotPool.Of(options.Tuner?.ActivityTaskSlotSupplier, options.MaxConcurrentActivities);
        _localSlots = SlotPool.Of(options.Tuner?.LocalActivitySlotSupplier, options.MaxConcurrentLocalActivities);
        _sticky = cacheSize == 0 ? null : StickyQueue.Of(identity, options.TaskQueue!, options.StickyQueueScheduleToStartTimeout);
        _watchdog = new(options.TimeProvider, enabled: !options.DebugMode);

        var executor = new ActivityExecutor(options.Activities, interceptors, options.ActivityTaskFactory);
        var activityReporter = new ActivityReporter(_rpc, client.DataConverter, loggers.CreateLogger<ActivityReporter>(), _stopping.Token);
        _activities = new(executor, activityReporter, _rpc, client.DataConverter, options, loggers);
        var eager = new EagerActivities(
            PollsActivities && !options.DisableEagerActivityExecution && options.MaxTaskQueueActivitiesPerSecond is null
                ? _activitySlots
                : null,
            options.MaxEagerActivityReservationsPerWorkflowTask,
            (task, slot) => Track(_activityTasks, Task.Run(() => _activities.HandleAsync(task, slot))));
        var logger = loggers.CreateLogger<WorkflowTaskHandler>();
        _workflows = new(
            _settings,
            new(cacheSize),
            new(_rpc, client.DataConverter.PayloadCodec),
            _watchdog,
            new(new(executor, _rpc, client.DataConverter, options.TimeProvider, loggers), _localSlots, options.TimeProvider),
            new(_settings, _rpc, new(_rpc, options.DisablePayloadErrorLimit), _sticky, eager, logger),
            logger);
    }

    bool PollsActivities => _options.Activities.Count > 0 && !_options.LocalActivityWorkerOnly;

    public async Task RunAsync(CancellationToken stop)
    {
        List<Task> pollers = [.. WorkflowPollers(stop), .. ActivityPollers(stop)];
        await Task.WhenAll(pollers);
        await EndAsync();
    }

    public void Dispose()
    {
        _watchdog.Dispose();
        _activities.Dispose();
        _workflowSlots.Dispose();
        _activitySlots.Dispose();
        _localSlots.Dispose();
        _abort.Dispose();
        _stopping.Dispose();
    }

    static WorkflowSettings Settings(
        TemporalWorker worker,
        TemporalWorkerOptions options,
        TemporalClientOptions client,
        ILoggerFactory loggers,
        IReadOnlyCollection<IWorkerInterceptor> interceptors) => new()
        {
            Namespace = client.Namespace,
            TaskQueue = options.TaskQueue!,
            DataConverter = client.DataConverter,
            LoggerFactory = loggers,
            Definitions = [.. options.Workflows],
            Interceptors = interceptors,
            FailureExceptionTypes = options.WorkflowFailureExceptionTypes ?? [],
            MayActivatePatch = options.PatchActivationCallback,
            RefusesForeignTasks = !options.DisableWorkflowTracingEventListener,
            DeploymentVersion = options.DeploymentOptions is { UseWorkerVersioning: true, Version: { } version } ? version : null,
            DefaultVersioningBehavior = options.DeploymentOptions?.DefaultVersioningBehavior ?? default,
            OnTaskStarting = (info, definition) => options.OnTaskStarting(worker, info, definition),
            OnTaskCompleted = (info, definition, problem) => options.OnTaskCompleted(worker, info, definition, problem),
        };

    IEnumerable<Task> WorkflowPollers(CancellationToken stop)
    {
        if (_options.Workflows.Count == 0)
            yield break;

        var polls = _options.WorkflowTaskPollerBehavior is PollerBehavior.SimpleMaximum most
            ? most.Maximum
            : _options.MaxConcurrentWorkflowTaskPolls;

        // Each poll holds a slot: with few of them the polls of one queue must not keep those of the other out.
        polls = Math.Min(polls, _workflowSlots.Count);
        var normal = _sticky is null ? polls : Math.Max(1, (int)(polls * _options.NonStickyToStickyPollRatio));
        for (var i = 0; i < normal; i++)
            yield return WorkflowPoller(new() { Name = _rpc.TaskQueue, Kind = TaskQueueKind.Normal }, stop);
        for (var i = 0; _sticky is not null && i < Math.Max(1, polls - normal); i++)
            yield return WorkflowPoller(_sticky.Attributes.WorkerTaskQueue, stop);
    }

    Task WorkflowPoller(TaskQueue queue, CancellationToken stop)
    {
        var request = new PollWorkflowTaskQueueRequest
        {
            Namespace = _rpc.Namespace,
            Identity = _rpc.Identity,
            TaskQueue = queue,
            WorkerInstanceKey = _rpc.InstanceKey,
            DeploymentOptions = DeploymentProto(),
        };
        var poller = new Poller<PollWorkflowTaskQueueResponse>(
            "workflow tasks",
            _workflowSlots,
            async cancelled =>
            {
                var task = await _rpc.PollAsync(WorkflowServiceMethods.PollWorkflowTaskQueue, request, cancelled);
                return task.TaskToken.Length > 0 ? task : null;
            },
            HandleWorkflowAsync,
            _options.TimeProvider,
            _logger);
        return poller.RunAsync(task => Track(_workflowTasks, task), stop);
    }

    IEnumerable<Task> ActivityPollers(CancellationToken stop)
    {
        if (!PollsActivities)
            yield break;

        var polls = _options.ActivityTaskPollerBehavior is PollerBehavior.SimpleMaximum most
            ? most.Maximum
            : _options.MaxConcurrentActivityTaskPolls;
        var request = new PollActivityTaskQueueRequest
        {
            Namespace = _rpc.Namespace,
            Identity = _rpc.Identity,
            TaskQueue = new() { Name = _rpc.TaskQueue, Kind = TaskQueueKind.Normal },
            WorkerInstanceKey = _rpc.InstanceKey,
            TaskQueueMetadata = _options.MaxTaskQueueActivitiesPerSecond is { } rate ? new() { MaxTasksPerSecond = rate } : null,
            DeploymentOptions = DeploymentProto(),
        };
        var limit = new Polling.RateLimit(_options.MaxActivitiesPerSecond, _options.TimeProvider);
        for (var i = 0; i < polls; i++)
        {
            var poller = new Poller<PollActivityTaskQueueResponse>(
                "activities",
                _activitySlots,
                async cancelled =>
                {
                    await limit.WaitAsync(cancelled);
                    var task = await _rpc.PollAsync(WorkflowServiceMethods.PollActivityTaskQueue, request, cancelled);
                    return task.TaskToken.Length > 0 ? task : null;
                },
                (task, slot) => Task.Run(() => _activities.HandleAsync(task, slot)),
                _options.TimeProvider,
                _logger);
            yield return poller.RunAsync(task => Track(_activityTasks, task), stop);
        }
    }

    async Task HandleWorkflowAsync(PollWorkflowTaskQueueResponse task, SlotPool.Slot slot)
    {
        await Task.Yield();
        using (slot)
        {
            try
            {
                await _workflows.HandleAsync(task, _abort.Token);
            }
            catch (Exception problem)
            {
                // Everything expected was reported; the server repeats the task after its timeout.
                _logger.LogError(problem, "Workflow task of {WorkflowId} was dropped", task.WorkflowExecution.WorkflowId);
            }
        }
    }

    async Task EndAsync()
    {
        _activities.BeginShutdown();
        await TellServerAsync();
        await Task.WhenAll(_workflowTasks.Keys);

        var activities = Task.WhenAll(_activityTasks.Keys);
        using var graceOver = new CancellationTokenSource();
        var grace = Task.Delay(_options.GracefulShutdownTimeout, _options.TimeProvider, graceOver.Token);
        await Task.WhenAny(activities, grace);
        await graceOver.CancelAsync();
        _activities.StopAll();
        await _stopping.CancelAsync();
        await activities;
        await Task.WhenAll(_activityTasks.Keys);
    }

    // The server gives what waits in this worker's own queue to others at once instead of after a timeout.
    async Task TellServerAsync()
    {
        var request = new ShutdownWorkerRequest
        {
            Namespace = _rpc.Namespace,
            Identity = _rpc.Identity,
            StickyTaskQueue = _sticky?.Name ?? string.Empty,
            WorkerInstanceKey = _rpc.InstanceKey,
            TaskQueue = _rpc.TaskQueue,
            Reason = "graceful shutdown",
        };
        try
        {
            await _rpc.PollAsync(WorkflowServiceMethods.ShutdownWorker, request, _abort.Token);
        }
        catch (RpcException problem)
        {
            _logger.LogDebug(problem, "The server was not told that the worker shuts down");
        }
    }

    Api.Deployment.V1.WorkerDeploymentOptions? DeploymentProto() => _options.DeploymentOptions is { Version: { } version } deployment
        ? new()
        {
            DeploymentName = version.DeploymentName,
            BuildId = version.BuildId,
            WorkerVersioningMode = deployment.UseWorkerVersioning ? WorkerVersioningMode.Versioned : WorkerVersioningMode.Unversioned,
        }
        : null;

    static void Track(ConcurrentDictionary<Task, bool> tasks, Task task)
    {
        tasks.TryAdd(task, true);
        _ = task.ContinueWith(
            ended => tasks.TryRemove(ended, out _), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
    }
}
