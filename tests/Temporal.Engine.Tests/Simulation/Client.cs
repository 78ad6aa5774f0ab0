using Google.Protobuf.WellKnownTypes;
using Temporal.Protocol;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.Schedule.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Temporal.Engine.Tests.Simulation;

/// <summary>Starts workflows, talks to them (<see cref="Conversation"/>) and keeps schedules; repeats each call until it is answered.</summary>
sealed class Client(Simulation simulation, Random random)
{
    static readonly ScheduleOverlapPolicy[] Policies =
        [ScheduleOverlapPolicy.AllowAll, ScheduleOverlapPolicy.Skip, ScheduleOverlapPolicy.BufferOne, ScheduleOverlapPolicy.BufferAll];

    /// <summary>Plans everything that it will do.</summary>
    public void Start()
    {
        for (var number = random.Next(2, 7); number > 0; number--)
        {
            var (id, plan) = ($"workflow-{number}", WorkflowPlan.Draw(random));
            var conversation = new Conversation(simulation, random, id, plan);
            simulation.After(TimeSpan.FromMilliseconds(random.Next(15_000)), () => StartWorkflow(id, plan, conversation));
        }

        for (var number = random.Next(0, 4); number > 0; number--)
        {
            var (id, seconds, policy) = ($"schedule-{number}", random.Next(1, 6), Policies[random.Next(Policies.Length)]);
            var plan = random.Next(4) == 0 ? "TNA" : "A";
            simulation.After(TimeSpan.FromMilliseconds(random.Next(5_000)), () => CreateSchedule(id, plan, seconds, policy));
        }
    }

    void StartWorkflow(string id, string plan, Conversation conversation) => simulation.Network.CallUntilAnswered(
        WorkflowServiceMethods.StartWorkflowExecution,
        new()
        {
            Namespace = "default",
            WorkflowId = id,
            RequestId = id,
            WorkflowType = new() { Name = plan },
            TaskQueue = new() { Name = WorkflowPlan.Queue },
            WorkflowIdReusePolicy = WorkflowIdReusePolicy.RejectDuplicate,
        },
        (_, status) =>
        {
            // The request id is known to the first run only: a call that is repeated after that one has continued as new meets another.
            Rule.Holds(status is null || (status is RpcStatus.AlreadyExists && plan.Contains('N')), $"the start of {id} is answered {status}");
            simulation.Ledger.OnStarted(id);
            conversation.Start();
        });

    void CreateSchedule(string id, string plan, int seconds, ScheduleOverlapPolicy policy)
    {
        // Ends by itself, so that it is known to the second which times it has to account for.
        var end = simulation.Now.AddSeconds(25);
        simulation.Network.CallUntilAnswered(WorkflowServiceMethods.CreateSchedule, Request(id, plan, seconds, policy, end), (_, status) =>
        {
            Rule.Holds(status is null, $"the creation of {id} is answered {status}");
            simulation.Ledger.OnScheduled(id, seconds, policy, end);
        });
    }

    static CreateScheduleRequest Request(string id, string plan, int seconds, ScheduleOverlapPolicy policy, DateTimeOffset end) => new()
    {
        Namespace = "default",
        ScheduleId = id,
        RequestId = id,
        Schedule = new()
        {
            Spec = new() { Interval = { new IntervalSpec { Interval = new Duration { Seconds = seconds } } }, EndTime = Timestamp.FromDateTimeOffset(end) },
            Action = new()
            {
                StartWorkflow = new() { WorkflowId = id, WorkflowType = new() { Name = plan }, TaskQueue = new() { Name = WorkflowPlan.Queue } },
            },
            Policies = new() { OverlapPolicy = policy },
        },
    };
}
