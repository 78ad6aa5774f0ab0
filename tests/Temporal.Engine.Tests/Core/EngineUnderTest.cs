using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Temporal.Protocol;
using Temporalio.Api.Command.V1;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.History.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Temporal.Engine.Tests;

/// <summary>An engine on its own folder and clock, called in process, with the few calls that the tests need in short form.</summary>
sealed class EngineUnderTest : IAsyncDisposable
{
    public const string Queue = "queue";

    readonly string _folder;
    readonly bool _ownsFolder;
    TemporalEngine? _engine;
    RpcChannel? _channel;

    /// <summary>An engine that is not open yet, on a new folder.</summary>
    public EngineUnderTest()
        : this(Directory.CreateTempSubdirectory("engine-core-").FullName, new())
    {
        _ownsFolder = true;
    }

    EngineUnderTest(string folder, ManualTime time) => (_folder, Time) = (folder, time);

    public ManualTime Time { get; }

    public FaultyStore Store { get; private set; } = null!;

    public TemporalEngine Engine => _engine ?? throw new InvalidOperationException("The engine is stopped.");

    public List<string> Fatal { get; } = [];

    public string Folder => _folder;

    /// <summary>What the engine has logged.</summary>
    public LogLines Log { get; } = new();

    public static async Task<EngineUnderTest> StartAsync()
    {
        var test = new EngineUnderTest();
        await test.OpenAsync();
        return test;
    }

    /// <summary>An engine on what another one has left, at this time.</summary>
    public static async Task<EngineUnderTest> StartAsync(string folder, ManualTime time)
    {
        var test = new EngineUnderTest(folder, time);
        await test.OpenAsync();
        return test;
    }

    public async Task OpenAsync()
    {
        var options = new EngineOptions
        {
            DataDirectory = _folder,
            Listen = null,
            TimeProvider = Time,
            LoggerFactory = Log,
            OnFatal = (message, _) => Fatal.Add(message),
        };
        _engine = await TemporalEngine.StartAsync(options, store => Store = new FaultyStore(store, Time), CancellationToken.None);
        _channel = RpcChannel.Connect(new() { Address = _engine.Address });
    }

    public async Task RestartAsync()
    {
        await StopAsync();
        await OpenAsync();
    }

    public async Task StopAsync()
    {
        if (_channel is not null)
            await _channel.DisposeAsync();
        if (_engine is not null)
            await _engine.DisposeAsync();
        (_channel, _engine) = (null, null);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        if (_ownsFolder)
            Directory.Delete(_folder, recursive: true);
    }

    public Task<TResponse> CallAsync<TRequest, TResponse>(RpcMethod<TRequest, TResponse> method, TRequest request)
        where TRequest : class, IMessage<TRequest>, new()
        where TResponse : class, IMessage<TResponse>, new() =>
        _channel!.CallAsync(method, request, new() { Timeout = TimeSpan.FromSeconds(70) }, CancellationToken.None);

    public async Task<string> StartWorkflowAsync(string id, Action<StartWorkflowExecutionRequest>? change = null)
    {
        var request = new StartWorkflowExecutionRequest
        {
            Namespace = "default",
            WorkflowId = id,
            WorkflowType = new() { Name = "type" },
            TaskQueue = new() { Name = Queue },
            RequestId = Guid.NewGuid().ToString(),
        };
        change?.Invoke(request);
        return (await CallAsync(WorkflowServiceMethods.StartWorkflowExecution, request)).RunId;
    }

    public Task<PollWorkflowTaskQueueResponse> PollWorkflowAsync() =>
        CallAsync(WorkflowServiceMethods.PollWorkflowTaskQueue, new() { Namespace = "default", TaskQueue = new() { Name = Queue }, Identity = "worker" });

    public Task<PollActivityTaskQueueResponse> PollActivityAsync() =>
        CallAsync(WorkflowServiceMethods.PollActivityTaskQueue, new() { Namespace = "default", TaskQueue = new() { Name = Queue }, Identity = "worker" });

    /// <summary>A poll that has arrived: its task is given back while it still waits.</summary>
    public async Task<Task<T>> WaitingAsync<T>(Task<T> poll, TaskQueueType type)
    {
        var deadline = Environment.TickCount64 + 20_000;
        while (!await Engine.Loop.RunAsync(tx => tx.State.TaskQueues.All.Any(queue => queue.Type == type && queue.HasPollers)))
        {
            Assert.True(Environment.TickCount64 < deadline, "The poll has not arrived after 20 s.");
            await Task.Yield();
        }

        return poll;
    }

    public Task<RespondWorkflowTaskCompletedResponse> CompleteTaskAsync(PollWorkflowTaskQueueResponse task, params Command[] commands) =>
        CallAsync(WorkflowServiceMethods.RespondWorkflowTaskCompleted, new()
        {
            Namespace = "default",
            TaskToken = task.TaskToken,
            Identity = "worker",
            Commands = { commands },
        });

    public Task SignalAsync(string id, string name) =>
        CallAsync(WorkflowServiceMethods.SignalWorkflowExecution, new()
        {
            Namespace = "default",
            WorkflowExecution = new() { WorkflowId = id },
            SignalName = name,
        });

    /// <summary>All events, or those from an id on.</summary>
    public async Task<List<HistoryEvent>> HistoryAsync(string id, long fromEventId = 1)
    {
        var events = new List<HistoryEvent>();
        var request = new GetWorkflowExecutionHistoryRequest { Namespace = "default", Execution = new() { WorkflowId = id } };
        do
        {
            var page = await CallAsync(WorkflowServiceMethods.GetWorkflowExecutionHistory, request);
            events.AddRange(page.History.Events.Where(one => one.EventId >= fromEventId));
            request.NextPageToken = page.NextPageToken;
        }
        while (!request.NextPageToken.IsEmpty);
        return events;
    }

    public async Task<string> TypesAsync(string id) => string.Join(' ', (await HistoryAsync(id)).Select(one => one.EventType.ToString()));

    public Task<DescribeWorkflowExecutionResponse> DescribeAsync(string id) =>
        CallAsync(WorkflowServiceMethods.DescribeWorkflowExecution, new() { Namespace = "default", Execution = new() { WorkflowId = id } });

    /// <summary>Moves the clock and waits until the engine has done what became due.</summary>
    public async Task AdvanceAsync(TimeSpan by)
    {
        Time.Advance(by);
        await Engine.Loop.RunAsync(_ => { });
    }

    public static Command Complete() => new()
    {
        CommandType = CommandType.CompleteWorkflowExecution,
        CompleteWorkflowExecutionCommandAttributes = new(),
    };

    public static Command Timer(string id, TimeSpan after) => new()
    {
        CommandType = CommandType.StartTimer,
        StartTimerCommandAttributes = new() { TimerId = id, StartToFireTimeout = Duration.FromTimeSpan(after) },
    };

    public static Command Activity(string id, Action<ScheduleActivityTaskCommandAttributes>? change = null)
    {
        var attributes = new ScheduleActivityTaskCommandAttributes
        {
            ActivityId = id,
            ActivityType = new() { Name = "activity" },
            TaskQueue = new() { Name = Queue },
            StartToCloseTimeout = Duration.FromTimeSpan(TimeSpan.FromMinutes(1)),
            RetryPolicy = new() { InitialInterval = Duration.FromTimeSpan(TimeSpan.FromSeconds(10)), BackoffCoefficient = 1 },
        };
        change?.Invoke(attributes);
        return new() { CommandType = CommandType.ScheduleActivityTask, ScheduleActivityTaskCommandAttributes = attributes };
    }
}
