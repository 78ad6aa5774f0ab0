using Temporal.Protocol;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Temporal.Engine.Tests.Simulation;

/// <summary>What a client has to say to one workflow: signals, updates, queries, now and then a reset or its end.</summary>
sealed class Conversation(Simulation simulation, Random random, string id, string plan)
{
    static readonly string[] Updates = ["quick", "quick", "slow", "bad"];

    // Drawn before anything happens, so that what is said does not hang on the order of answers.
    readonly int[] _signals = Times(random, WorkflowPlan.Signals(plan), 20_000);
    readonly int[] _updates = Times(random, random.Next(4), 30_000);
    readonly int[] _queries = Times(random, random.Next(5), 50_000);
    readonly int[] _resets = Times(random, random.Next(5) == 0 ? random.Next(1, 3) : 0, 30_000);
    readonly int[] _ends = Times(random, random.Next(6) == 0 ? 1 : 0, 10_000);
    int _said;

    static int[] Times(Random random, int count, int within) => [.. Enumerable.Range(0, count).Select(_ => random.Next(within))];

    public void Start()
    {
        At(_signals, Signal);
        At(_updates, () => Update(Updates[random.Next(Updates.Length)], waitForEnd: random.Next(3) > 0));
        At(_queries, Query);
        At(_resets, Reset);
        At(_ends, Terminate);
        if (_ends.Length > 0 && _resets.Length > 0)
            simulation.After(TimeSpan.FromSeconds(60), SignalWhileOpen);
    }

    void At(int[] times, Action act)
    {
        foreach (var time in times)
            simulation.After(TimeSpan.FromMilliseconds(time), act);
    }

    /// <summary>A workflow that was ended and set back may lack the signals that came in between.</summary>
    void SignalWhileOpen()
    {
        if (!simulation.Ledger.IsOpen(id))
            return;
        Signal();
        simulation.After(TimeSpan.FromSeconds(30), SignalWhileOpen);
    }

    void Signal()
    {
        var name = $"signal-{id}-{++_said}";
        simulation.Network.CallUntilAnswered(
            WorkflowServiceMethods.SignalWorkflowExecution,
            new() { Namespace = "default", WorkflowExecution = new() { WorkflowId = id }, SignalName = name, RequestId = name },
            (_, status) =>
            {
                Rule.Holds(status is null or RpcStatus.NotFound, $"a signal to {id} is answered {status}");
                if (status is null)
                    simulation.Ledger.OnSignaled(id, name);
            });
    }

    void Update(string kind, bool waitForEnd)
    {
        var request = new UpdateWorkflowExecutionRequest
        {
            Namespace = "default",
            WorkflowExecution = new() { WorkflowId = id },
            WaitPolicy = new()
            {
                LifecycleStage = waitForEnd ? UpdateWorkflowExecutionLifecycleStage.Completed : UpdateWorkflowExecutionLifecycleStage.Accepted,
            },
            Request = new() { Meta = new() { UpdateId = $"update-{id}-{++_said}" }, Input = new() { Name = kind } },
        };
        Send(request, kind);
    }

    void Send(UpdateWorkflowExecutionRequest request, string kind)
    {
        simulation.Ledger.OnAsked();
        simulation.Network.CallUntilAnswered(WorkflowServiceMethods.UpdateWorkflowExecution, request, (answer, status) =>
        {
            simulation.Ledger.OnHeard();
            var update = request.Request.Meta.UpdateId;
            if (answer is not null && answer.Stage >= request.WaitPolicy.LifecycleStage)
                simulation.Ledger.OnUpdated(id, update, kind, answer);
            else if (answer is not null || status is RpcStatus.FailedPrecondition or RpcStatus.ResourceExhausted)
                simulation.After(TimeSpan.FromSeconds(1), () => Send(request, kind));
            else
                Rule.Holds(status is RpcStatus.NotFound, $"{update} is answered {status}");
        });
    }

    void Query()
    {
        var known = simulation.Ledger.KnownOf(id);
        var run = simulation.Ledger.NewestRunOf(id);
        simulation.Ledger.OnAsked();
        simulation.Network.CallUntilAnswered(
            WorkflowServiceMethods.QueryWorkflow,
            new() { Namespace = "default", Execution = new() { WorkflowId = id }, Query = new() { QueryType = "seen" } },
            (answer, status) =>
            {
                simulation.Ledger.OnHeard();
                if (answer is not null)
                {
                    var seen = answer.QueryResult.Payloads_.Select(one => one.Data.ToStringUtf8()).ToHashSet();
                    // As on the real server, a query stays with the run it was asked of. Where a reset ends that run first, an update of
                    // before may only be admitted there; signals are never missing.
                    var due = run == simulation.Ledger.NewestRunOf(id) ? known : known.Where(one => one.StartsWith("signal-", StringComparison.Ordinal));
                    Rule.Holds(
                        due.All(seen.Contains),
                        $"a query to {id} does not see {string.Join(' ', known.Except(seen))}, acknowledged before, but {string.Join(' ', seen)}\n  {simulation.Ledger.StoryOf(id)}");
                    return;
                }

                // A task that keeps failing, a worker without its cache, a workflow that was ended before its first task, one query too many.
                Rule.Holds(status is RpcStatus.FailedPrecondition or RpcStatus.InvalidArgument or RpcStatus.ResourceExhausted, $"a query to {id} is answered {status}");
            });
    }

    void Reset() => simulation.Network.CallUntilAnswered(
        WorkflowServiceMethods.GetWorkflowExecutionHistory,
        new() { Namespace = "default", Execution = new() { WorkflowId = id } },
        (answer, _) =>
        {
            var ends = answer?.History.Events.Where(one => one.EventType == EventType.WorkflowTaskCompleted).ToList() ?? [];
            if (ends.Count > 0)
                ResetTo(ends[random.Next(ends.Count)].EventId);
        });

    void ResetTo(long eventId)
    {
        // Of the newest run, whichever that is when the request arrives: a repeated reset then follows from the one before.
        simulation.Ledger.OnResetting(id);
        simulation.Network.CallUntilAnswered(
            WorkflowServiceMethods.ResetWorkflowExecution,
            new() { Namespace = "default", WorkflowExecution = new() { WorkflowId = id }, WorkflowTaskFinishEventId = eventId, RequestId = $"reset-{++_said}", Reason = "again" },
            (_, status) => Rule.Holds(status is null or RpcStatus.InvalidArgument, $"a reset of {id} to {eventId} is answered {status}"));
    }

    void Terminate() => simulation.Network.CallUntilAnswered(
        WorkflowServiceMethods.TerminateWorkflowExecution,
        new() { Namespace = "default", WorkflowExecution = new() { WorkflowId = id } },
        (_, status) => simulation.Ledger.OnTerminated(id, status));
}
