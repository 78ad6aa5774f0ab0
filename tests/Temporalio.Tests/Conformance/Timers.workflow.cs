using Temporalio.Exceptions;
using Temporalio.Workflows;

namespace Temporalio.Tests.Conformance;

/// <summary>The kit's workflows about timers and conditions.</summary>
public static class TimerKit
{
    [Workflow("sleepFor")]
    public class SleepFor
    {
        [WorkflowRun]
        public async Task<string> RunAsync(int ms)
        {
            await Workflow.DelayAsync(ms);
            return "slept";
        }
    }

    [Workflow("sleepZero")]
    public class SleepZero
    {
        [WorkflowRun]
        public async Task<string> RunAsync()
        {
            await Workflow.DelayAsync(0);
            return "slept";
        }
    }

    [Workflow("cancelLongTimer")]
    public class CancelLongTimer
    {
        [WorkflowRun]
        public async Task<string> RunAsync()
        {
            using var scope = CancellationTokenSource.CreateLinkedTokenSource(Workflow.CancellationToken);
            var longTimer = Workflow.DelayAsync(TimeSpan.FromHours(1), scope.Token);
            await Workflow.DelayAsync(50);
            scope.Cancel();
            try
            {
                await longTimer;
                return "fired";
            }
            catch (OperationCanceledException)
            {
                return "cancelled";
            }
        }
    }

    [Workflow("cancelTimerAtOnce")]
    public class CancelTimerAtOnce
    {
        [WorkflowRun]
        public async Task<bool> RunAsync()
        {
            using var scope = CancellationTokenSource.CreateLinkedTokenSource(Workflow.CancellationToken);
            var timer = Workflow.DelayAsync(TimeSpan.FromHours(1), scope.Token);
            scope.Cancel();
            try
            {
                await timer;
                return false;
            }
            catch (OperationCanceledException)
            {
                return true;
            }
        }
    }

    [Workflow("conditionWithTimeout")]
    public class ConditionWithTimeout
    {
        bool _went;

        [WorkflowRun]
        public Task<bool> RunAsync(int ms) => Workflow.WaitConditionAsync(() => _went, ms);

        [WorkflowSignal("go")]
        public async Task GoAsync() => _went = true;
    }

    [Workflow("timersInOrder")]
    public class TimersInOrder
    {
        readonly List<int> _fired = [];

        [WorkflowRun]
        public async Task<List<int>> RunAsync()
        {
            await Workflow.WhenAllAsync(new[] { 900, 500, 100 }.Select(FireAsync).ToArray());
            return _fired;
        }

        async Task FireAsync(int ms)
        {
            await Workflow.DelayAsync(ms);
            _fired.Add(ms);
        }
    }

    [Workflow("timerWithSummary")]
    public class TimerWithSummary
    {
        [WorkflowRun]
        public Task RunAsync() => Workflow.DelayWithOptionsAsync(new(10, "a short nap"));
    }

    [Workflow("sleepLong")]
    public class SleepLong
    {
        [WorkflowRun]
        public Task RunAsync() => Workflow.DelayAsync(TimeSpan.FromHours(1));
    }

    [Workflow("scopeWithTimeout")]
    public class ScopeWithTimeout
    {
        [WorkflowRun]
        public async Task<string> RunAsync()
        {
            using var scope = CancellationTokenSource.CreateLinkedTokenSource(Workflow.CancellationToken);
            var deadline = DeadlineAsync(scope);
            try
            {
                await Workflow.DelayAsync(TimeSpan.FromHours(1), scope.Token);
                return "fired";
            }
            catch (Exception error) when (TemporalException.IsCanceledException(error))
            {
                await deadline;
                return "deadline";
            }
        }

        static async Task DeadlineAsync(CancellationTokenSource scope)
        {
            await Workflow.DelayAsync(50);
            scope.Cancel();
        }
    }
}
