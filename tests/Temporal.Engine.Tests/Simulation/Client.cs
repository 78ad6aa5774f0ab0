using Google.Protobuf.WellKnownTypes;
using Temporal.Protocol;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.Schedule.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Temporal.Engine.Tests.Simulation;

/// <summary>Starts and signals workflows and keeps schedules, and repeats each call until it is answered.</summary>
sealed class Client(Simulation simulation, Random random)
{
    static readonly ScheduleOverlapPolicy[] Policies =
        [ScheduleOverlapPolicy.AllowAll, ScheduleOverlapPolicy.Skip, ScheduleOverlapPolicy.BufferOne, ScheduleOverlapPolicy.BufferAll];

    int _signals;

    /// <summary>Plans everything that it will do.</summary>
    public void Start()
    {
        for (var number = random.Next(2, 7); number > 0; number--)
        {
            var (id, plan) = ($"workflow-{number}", WorkflowPlan.Draw(random));
            var terminate = random.Next(6) == 0;
            simulation.After(TimeSpan.FromMilliseconds(random.Next(15_000)), () => StartWorkflow(id, plan, terminate));
        }

        for (var number = random.Next(0, 4); number > 0; number--)
        {
            var (id, seconds, policy) = ($"schedule-{number}", random.Next(1, 6), Policies[random.Next(Policies.Length)]);
            simulation.After(TimeSpan.FromMilliseconds(random.Next(5_000)), () => CreateSchedule(id, seconds, policy));
        }
    }

    void StartWorkflow(string id, string plan, bool terminate) => simulation.Network.CallUntilAnswered(
        WorkflowServiceMethods.StartWorkflowExecution,
        new()
        {
            Namespace = "default",
            WorkflowId = id,
            RequestId = id,
            WorkflowType = new() { Name = plan },
            TaskQueue = new() { Name = WorkflowPlan.Queue },
        },
        status =>
        {
            Rule.Holds(status is null, $"the start of {id} is answered {status}");
            simulation.Ledger.OnStarted(id);
            for (var number = WorkflowPlan.Signals(plan); number > 0; number--)
                simulation.After(TimeSpan.FromMilliseconds(random.Next(20_000)), () => Signal(id));
            if (terminate)
                simulation.After(TimeSpan.FromMilliseconds(random.Next(10_000)), () => Terminate(id));
        });

    void Signal(string id)
    {
        var name = $"signal-{++_signals}";
        simulation.Network.CallUntilAnswered(
            WorkflowServiceMethods.SignalWorkflowExecution,
            new() { Namespace = "default", WorkflowExecution = new() { WorkflowId = id }, SignalName = name, RequestId = name },
            status =>
            {
                Rule.Holds(status is null or RpcStatus.NotFound, $"a signal to {id} is answered {status}");
                if (status is null)
                    simulation.Ledger.OnSignaled(id, name);
            });
    }

    void Terminate(string id) => simulation.Network.CallUntilAnswered(
        WorkflowServiceMethods.TerminateWorkflowExecution,
        new() { Namespace = "default", WorkflowExecution = new() { WorkflowId = id } },
        status => simulation.Ledger.OnTerminated(id, status));

    void CreateSchedule(string id, int seconds, ScheduleOverlapPolicy policy)
    {
        // Ends by itself, so that it is known to the second which times it has to account for.
        var end = simulation.Now.AddSeconds(25);
        simulation.Network.CallUntilAnswered(WorkflowServiceMethods.CreateSchedule, Request(id, seconds, policy, end), status =>
        {
            Rule.Holds(status is null, $"the creation of {id} is answered {status}");
            simulation.Ledger.OnScheduled(id, seconds, policy, end);
        });
    }

    static CreateScheduleRequest Request(string id, int seconds, ScheduleOverlapPolicy policy, DateTimeOffset end) => new()
    {
        Namespace = "default",
        ScheduleId = id,
        RequestId = id,
        Schedule = new()
        {
            Spec = new() { Interval = { new IntervalSpec { Interval = new Duration { Seconds = seconds } } }, EndTime = Timestamp.FromDateTimeOffset(end) },
            Action = new()
            {
                StartWorkflow = new() { WorkflowId = id, WorkflowType = new() { Name = "A" }, TaskQueue = new() { Name = WorkflowPlan.Queue } },
            },
            Policies = new() { OverlapPolicy = policy },
        },
    };
}
