using Temporal.Protocol;
using Temporalio.Activities;
using Temporalio.Api.WorkflowService.V1;
using Temporalio.Tests.Client;
using Temporalio.Worker;

namespace Temporalio.Tests.Worker;

/// <summary>A worker whose server is away, refuses, or comes back.</summary>
public sealed class ConnectionLossTests : IDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    readonly FakeServer _server = new();
    readonly TaskCompletionSource<RespondActivityTaskCompletedRequest> _completed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    int _polls;
    int _reports;

    [Fact]
    public async Task A_worker_polls_on_after_every_kind_of_failure_and_reports_until_it_is_heard()
    {
        RpcStatus[] problems = [RpcStatus.Unavailable, RpcStatus.NotFound, RpcStatus.PermissionDenied, RpcStatus.DeadlineExceeded];
        _server
            .Answer(WorkflowServiceMethods.PollActivityTaskQueue, _ => Interlocked.Increment(ref _polls) switch
            {
                var poll when poll <= problems.Length => throw new RpcFailure(problems[poll - 1], "away"),
                5 => ATask(),
                _ => new(),
            })
            .Answer(WorkflowServiceMethods.RespondActivityTaskCompleted, request =>
            {
                if (Interlocked.Increment(ref _reports) == 1)
                    throw new RpcFailure(RpcStatus.Unavailable, "away again");
                _completed.TrySetResult(request);
                return new();
            })
            .Answer(WorkflowServiceMethods.ShutdownWorker, _ => new());
        var options = new TemporalWorkerOptions("queue") { MaxConcurrentActivityTaskPolls = 1 }
            .AddActivity(ActivityDefinition.Create("Ping", typeof(string), [], 0, _ => "pong"));
        using var worker = new TemporalWorker(await _server.ConnectAsync(), options);

        await worker.ExecuteAsync(() => _completed.Task.WaitAsync(Patience));

        Assert.Equal("\"pong\"", (await _completed.Task).Result.Payloads_.Single().Data.ToStringUtf8());
        Assert.Equal(2, _reports);
    }

    [Fact]
    public async Task A_worker_can_be_stopped_while_its_server_is_away()
    {
        var polled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _server.Answer(WorkflowServiceMethods.PollActivityTaskQueue, _ =>
        {
            polled.TrySetResult();
            throw new RpcFailure(RpcStatus.Unavailable, "away");
        });
        var options = new TemporalWorkerOptions("queue").AddActivity(ActivityDefinition.Create("Ping", typeof(string), [], 0, _ => "pong"));
        using var worker = new TemporalWorker(await _server.ConnectAsync(), options);

        await worker.ExecuteAsync(() => polled.Task).WaitAsync(Patience);
    }

    [Fact]
    public async Task Heartbeats_are_few_and_the_newest_details_win()
    {
        var time = new ManualTime();
        var sent = new List<int>();
        using var heartbeats = new Temporalio.Worker.Activities.HeartbeatThrottle(
            details =>
            {
                sent.Add(details.Payloads_.Count);
                return Task.FromResult(true);
            },
            TimeSpan.FromSeconds(8),
            time);

        for (var i = 1; i <= 5; i++)
            heartbeats.Record(Details(i));
        Assert.Equal([1], sent);
        time.Advance(TimeSpan.FromSeconds(8));
        Assert.Equal([1, 5], sent);
        time.Advance(TimeSpan.FromSeconds(8));
        Assert.Equal([1, 5], sent);
        heartbeats.Record(Details(6));
        Assert.Equal([1, 5, 6], sent);
        heartbeats.Record(Details(7));

        Assert.Equal(7, heartbeats.Close()?.Payloads_.Count);
    }

    public void Dispose() => _server.Dispose();

    static Api.Common.V1.Payloads Details(int count)
    {
        var details = new Api.Common.V1.Payloads();
        details.Payloads_.AddRange(Enumerable.Range(0, count).Select(_ => new Api.Common.V1.Payload()));
        return details;
    }

    static PollActivityTaskQueueResponse ATask() => new()
    {
        TaskToken = Google.Protobuf.ByteString.CopyFromUtf8("token"),
        ActivityId = "1",
        ActivityType = new() { Name = "Ping" },
        WorkflowType = new() { Name = "W" },
        WorkflowExecution = new() { WorkflowId = "w", RunId = "r" },
        Attempt = 1,
    };
}
