using Microsoft.Extensions.Logging;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.Failure.V1;
using Temporalio.Api.History.V1;
using Temporalio.Common;
using Temporalio.Converters;
using Temporalio.Exceptions;
using Temporalio.Worker.Interceptors;
using Temporalio.Worker.Operations;
using Temporalio.Workflows;
using Message = Temporalio.Api.Protocol.V1.Message;
using UserMetadata = Temporalio.Api.Sdk.V1.UserMetadata;
using VersioningBehavior = Temporalio.Common.VersioningBehavior;

namespace Temporalio.Worker.Execution;

/// <summary>
/// The live side of one run: the workflow object, its tasks and handlers, and what they produce. History reaches it as jobs
/// (<see cref="Activate"/>); everything it asks for goes into <see cref="Commands"/> and <see cref="Messages"/>.
/// Used by one thread at a time.
/// </summary>
#pragma warning disable CA1001 // a token source without a timer holds nothing that needs disposal
sealed class WorkflowInstance
#pragma warning restore CA1001
{
    /// <summary>Where failures made here come from; the same word as the official SDK for .NET uses.</summary>
    public const string FailureSource = "dotnet";

    [ThreadStatic]
    static WorkflowInstance? s_visited;

    readonly WorkflowSettings _settings;
    readonly WorkflowDefinition _definition;
    readonly WorkflowExecutionStartedEventAttributes _start;
    readonly CancellationTokenSource _cancellation = new();
    readonly WorkflowScheduler _scheduler;
    readonly ConditionList _conditions = new();
    readonly WorkflowInboundInterceptor _inbound;
    readonly WorkflowCalls _calls;
    readonly DataConverter _converter;
    object? _instance;
    object?[]? _startArguments;
    IReadOnlyCollection<Type> _failureTypes;
    Exception? _broken;
    string? _readOnly;
    bool _isMainStarted;

    public WorkflowInstance(WorkflowSettings settings, WorkflowDefinition definition, WorkflowExecution execution, HistoryEvent started)
    {
        _settings = settings;
        _definition = definition;
        _start = started.WorkflowExecutionStartedEventAttributes;
        _converter = settings.DataConverter.WithSerializationContext(
            new ISerializationContext.Workflow(settings.Namespace, execution.WorkflowId));
        Task.AdvanceTo(started.EventTime.ToDateTime());
        Info = WorkflowInfos.Of(settings, _converter, execution, started);
        VersioningBehavior = definition.VersioningBehavior ?? VersioningBehavior.Unspecified;
        Metadata = new(this, _start.Memo, _start.SearchAttributes);
        Random = new(RunSeed.Of(_start.OriginalExecutionRunId));
        Patches = new(this, settings.MayActivatePatch);
        Handlers = new(this, definition, (handler, signal) => _calls!.StartSignal(handler, signal));
        Logger = new WorkflowLogger(this, settings.LoggerFactory.CreateLogger($"Temporalio.Workflow:{Info.WorkflowType}"));
        _scheduler = new(this, settings.RefusesForeignTasks);
        _failureTypes = [.. settings.FailureExceptionTypes, .. definition.FailureExceptionTypes ?? []];

        var root = new InboundRoot(this);
        _inbound = settings.Interceptors.Reverse()
            .Aggregate((WorkflowInboundInterceptor)root, (next, interceptor) => interceptor.InterceptWorkflow(next));
        _calls = new(this, _inbound);
        _inbound.Init(new OutboundRoot(this));
        Outbound = root.Outbound ?? throw new InvalidOperationException("An interceptor did not pass Init on to the next one.");
    }

    /// <summary>The workflow that the running code belongs to.</summary>
    public static WorkflowInstance Current =>
        CurrentOrNull ?? throw new InvalidOperationException("This can only be used in workflow code, on the workflow's own tasks.");

    public static WorkflowInstance? CurrentOrNull => s_visited ?? (TaskScheduler.Current as WorkflowScheduler)?.Workflow;

    public WorkflowInfo Info { get; private set; }

    public WorkflowDefinition Definition => _definition;

    public CommandBuffer Commands { get; } = new();

    public List<Message> Messages { get; } = [];

    public OperationIndex Operations { get; } = new();

    public List<LocalActivityOperation> LocalActivities { get; } = [];

    public Sequence Sequence { get; } = new();

    public TaskState Task { get; } = new();

    public RunMetadata Metadata { get; }

    public PatchRegistry Patches { get; }

    public HandlerRegistry Handlers { get; }

    public DeterministicRandom Random { get; private set; }

    public ILogger Logger { get; }

    public WorkflowOutboundInterceptor Outbound { get; }

    public IPayloadConverter PayloadConverter => _converter.PayloadConverter;

    public CancellationToken CancellationToken => _cancellation.Token;

    public DateTime UtcNow => Task.UtcNow;

    public string CurrentDetails { get; set; } = string.Empty;

    public VersioningBehavior VersioningBehavior { get; private set; }

    /// <summary>Whether the current task was completed before.</summary>
    public bool IsReplayingHistoryEvents { get; private set; }

    public bool IsReplaying => IsReplayingHistoryEvents || _readOnly is not null;

    /// <summary>The workflow object, made when workflow code first needs it.</summary>
    public object Instance => _instance ??= CreateInstance();

    public object?[] StartArguments => _startArguments ??= _definition.Dynamic
        ? [ArgumentBindingOf(_start.Input)]
        : Invocation.ArgumentBinding.Bind(
            PayloadConverter, _definition.RunParameters, PayloadsOf(_start.Input), $"Workflow '{Info.WorkflowType}'");

    public Header? StartHeader => _start.Header;

    /// <summary>Applies news and runs workflow code as far as it goes. An exception means that the workflow task fails.</summary>
    public void Activate(ActivationJobs jobs, bool isReplaying)
    {
        var isFirst = !_isMainStarted;
        if (!jobs.Any && !isFirst)
            return;

        if (isFirst)
            Info = Info with { StartTime = UtcNow };
        IsReplayingHistoryEvents = isReplaying;
        _settings.OnTaskStarting?.Invoke(Info, _definition);
        Exception? problem = null;
        try
        {
            Run(jobs, isFirst);
        }
        catch (Exception e)
        {
            problem = e;
            throw;
        }
        finally
        {
            _settings.OnTaskCompleted?.Invoke(Info, _definition, problem);
        }
    }

    public void Seed(string runId) => Random = new(RunSeed.Of(runId));

    /// <summary>The workflow was asked to stop. Whatever is registered runs at once, before other workflow code.</summary>
    public void RequestCancel() => _cancellation.Cancel();

    public void StartUpdate(UpdateOperation update, bool validate) => _calls.StartUpdate(update, validate);

    public void ReceiveSignal(WorkflowExecutionSignaledEventAttributes signal) => Handlers.Receive(signal);

    /// <summary>Answers a query without changing anything.</summary>
    public Api.Query.V1.WorkflowQueryResult Answer(string id, Api.Query.V1.WorkflowQuery query)
    {
        using var visit = ReadOnly("a query");
        return _calls.Answer(id, query);
    }

    /// <summary>Code in this scope sees the workflow and may not change it.</summary>
    public IDisposable ReadOnly(string what) => new Visit(this, what);

    /// <summary>This workflow, if the running code may change it.</summary>
    public WorkflowInstance Writable() => _readOnly is { } what
        ? throw new InvalidWorkflowOperationException($"Not possible in {what}: it may only read the workflow.")
        : this;

    public Task<TResult> RunTask<TResult>(Func<TResult> function, CancellationToken cancellationToken) =>
        System.Threading.Tasks.Task.Factory.StartNew(function, cancellationToken, TaskCreationOptions.None, Writable()._scheduler);

    public async Task<bool> WaitConditionAsync(WaitConditionOptions options)
    {
        Writable();
        var token = options.CancellationToken ?? CancellationToken;
        if (options.Timeout is not { } timeout || timeout == Timeout.InfiniteTimeSpan)
        {
            await _conditions.Wait(options.ConditionCheck, token);
            return true;
        }

        using var other = CancellationTokenSource.CreateLinkedTokenSource(token);
        var met = _conditions.Wait(options.ConditionCheck, other.Token);
        var elapsed = Outbound.DelayAsync(new(timeout, other.Token, options.TimeoutSummary));
        var first = await System.Threading.Tasks.Task.WhenAny(met, elapsed);
        token.ThrowIfCancellationRequested();
        other.Cancel();
        await first;
        return first == met;
    }

    public void ThrowIfBroken()
    {
        if (_broken is { } problem)
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(problem);
    }

    /// <summary>A bug in workflow code: the workflow task fails, so that repaired code can go on.</summary>
    public void Break(Exception problem) => _broken ??= problem;

    /// <summary>Called on any thread; the current or next workflow task fails.</summary>
    public void OnForeignTask(InvalidWorkflowSchedulerException problem)
    {
        Break(problem);
        Logger.LogError(problem, "A workflow awaits a task that is not part of it; its workflow task will fail");
    }

    /// <summary>Whether this exception ends the workflow as failed instead of failing its task.</summary>
    public bool FailsWorkflow(Exception problem) =>
        problem is FailureException or OperationCanceledException || _failureTypes.Any(type => type.IsInstanceOfType(problem));

    public Payloads ToPayloads(IReadOnlyCollection<object?> values)
    {
        var payloads = new Payloads();
        foreach (var value in values)
            payloads.Payloads_.Add(PayloadConverter.ToPayload(value));
        return payloads;
    }

    public Memo? ToMemo(IReadOnlyDictionary<string, object>? memo)
    {
        if (memo is null)
            return null;

        var proto = new Memo();
        foreach (var (key, value) in memo)
            proto.Fields.Add(key, PayloadConverter.ToPayload(value));
        return proto;
    }

    public UserMetadata? UserMetadata(string? summary, string? details) => summary is null && details is null
        ? null
        : new()
        {
            Summary = summary is null ? null : PayloadConverter.ToPayload(summary),
            Details = details is null ? null : PayloadConverter.ToPayload(details),
        };

    public Exception ToException(Failure failure) => _converter.FailureConverter.ToException(failure, PayloadConverter);

    public Failure ToFailure(Exception problem) => _converter.FailureConverter.ToFailure(problem, PayloadConverter);

    public static IReadOnlyList<Payload> PayloadsOf(Payloads? payloads) => payloads is null ? [] : payloads.Payloads_;

    static IRawValue[] ArgumentBindingOf(Payloads? payloads) => Invocation.ArgumentBinding.Raw(PayloadsOf(payloads));

    void Run(ActivationJobs jobs, bool isFirst)
    {
        var context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        _scheduler.Enter();
        try
        {
            ThrowIfBroken();
            using (Visiting())
                jobs.Apply();
            if (isFirst)
            {
                _isMainStarted = true;
                _calls.StartMain();
            }

            while (_scheduler.HasReadyTasks)
            {
                _scheduler.RunReady();
                using (Visiting())
                    _conditions.MeetFirst();
            }
        }
        finally
        {
            _scheduler.Leave();
            SynchronizationContext.SetSynchronizationContext(context);
        }

        WarnOfUnfinishedHandlers();
    }

    object CreateInstance()
    {
        var instance = _definition.CreateWorkflowInstance(_definition.InitTakesArguments ? StartArguments : []);
        if (_definition.DynamicOptionsGetter?.Invoke(instance) is { } options)
        {
            VersioningBehavior = options.VersioningBehavior;
            _failureTypes = [.. _failureTypes, .. options.FailureExceptionTypes ?? []];
        }

        return instance;
    }

    void WarnOfUnfinishedHandlers()
    {
        if (IsReplayingHistoryEvents || Commands.Ending is not { IsSent: false } ending
            || ending.Event == EventType.WorkflowExecutionFailed)
            return;

        if (Handlers.Unfinished().ToList() is { Count: > 0 } unfinished)
        {
            Logger.LogWarning(
                "[TMPRL1102] Workflow '{WorkflowType}' ended while handlers were running: {Handlers}. Await Workflow.WaitConditionAsync(() "
                    + "=> "
                + "Workflow.AllHandlersFinished) before the end, or set their UnfinishedPolicy to Abandon",
                Info.WorkflowType,
                string.Join(", ", unfinished));
        }
    }

    Visit Visiting() => new(this, _readOnly);

    /// <summary>Makes this the current workflow for code that does not run on its scheduler: jobs, conditions, queries.</summary>
    sealed class Visit : IDisposable
    {
        readonly WorkflowInstance _workflow;
        readonly WorkflowInstance? _visitedBefore;
        readonly string? _readOnlyBefore;

        public Visit(WorkflowInstance workflow, string? readOnly)
        {
            _workflow = workflow;
            _visitedBefore = s_visited;
            _readOnlyBefore = workflow._readOnly;
            s_visited = workflow;
            workflow._readOnly = readOnly;
        }

        public void Dispose()
        {
            s_visited = _visitedBefore;
            _workflow._readOnly = _readOnlyBefore;
        }
    }
}
