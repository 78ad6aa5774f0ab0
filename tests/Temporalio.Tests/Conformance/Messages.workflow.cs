using System.Text.Json;
using Temporalio.Converters;
using Temporalio.Exceptions;
using Temporalio.Workflows;

namespace Temporalio.Tests.Conformance;

/// <summary>The kit's workflows about signals, queries and updates.</summary>
public static class MessageKit
{
    [Workflow("collector")]
    public class Collector
    {
        readonly List<JsonElement> _values = [];
        bool _finished;

        [WorkflowQuery("values")]
        public IReadOnlyList<JsonElement> Values => _values;

        [WorkflowRun]
        public async Task<List<JsonElement>> RunAsync()
        {
            await Workflow.WaitConditionAsync(() => _finished);
            await Workflow.WaitConditionAsync(() => Workflow.AllHandlersFinished);
            return _values;
        }

        [WorkflowSignal("add")]
        public async Task AddSignalAsync(JsonElement value) => _values.Add(value);

        [WorkflowSignal("finish")]
        public async Task FinishAsync() => _finished = true;

        [WorkflowQuery("throws")]
        public string Throws() => throw new InvalidOperationException("the query fails");

        [WorkflowQuery("throwsApplicationFailure")]
        public string ThrowsApplicationFailure() => throw new ApplicationFailureException("the query fails", "QueryProblem");

        [WorkflowQuery("withArguments")]
        public object WithArguments(IRawValue? first = null, IRawValue? second = null, IRawValue? third = null) =>
            new { args = new[] { first, second, third }.OfType<IRawValue>().Select(Kit.Json) };

        [WorkflowUpdate("add", Description = "Adds a value.")]
        public async Task<int> AddAsync(JsonElement value)
        {
            _values.Add(value);
            return _values.Count;
        }

        [WorkflowUpdateValidator(nameof(AddAsync))]
        public void ValidateAdd(JsonElement value)
        {
            if (value.ValueKind == JsonValueKind.String && value.GetString() == "bad")
                throw new ApplicationFailureException("bad value", "Invalid");
        }

        [WorkflowUpdate("failing")]
        public Task FailingAsync() => throw new ApplicationFailureException("the update fails", "UpdateProblem", nonRetryable: true, details: [1]);

        [WorkflowUpdate("slow")]
        public async Task<JsonElement> SlowAsync(int ms, JsonElement value)
        {
            await Workflow.DelayAsync(ms);
            _values.Add(value);
            return value;
        }

        [WorkflowUpdate("withActivity")]
        public async Task<JsonElement> WithActivityAsync(JsonElement value)
        {
            var result = await Workflow.ExecuteActivityAsync<JsonElement>("echo", [value], new() { StartToCloseTimeout = TimeSpan.FromSeconds(10) });
            _values.Add(result);
            return result;
        }

        [WorkflowUpdate("finishAndReturn")]
        public async Task<JsonElement> FinishAndReturnAsync(JsonElement value)
        {
            _finished = true;
            return value;
        }

        [WorkflowUpdate("waitForFinish")]
        public async Task<string> WaitForFinishAsync()
        {
            await Workflow.WaitConditionAsync(() => _finished);
            return "finished";
        }
    }

    [Workflow("lateHandlers")]
    public class LateHandlers
    {
        bool _registered;

        [WorkflowRun]
        public async Task<List<JsonElement>> RunAsync()
        {
            await Workflow.WaitConditionAsync(() => _registered);
            var values = new List<JsonElement>();
            Workflow.Signals["add"] = WorkflowSignalDefinition.CreateWithoutAttribute("add", async (JsonElement value) => values.Add(value));
            await Workflow.WaitConditionAsync(() => values.Count >= 3);
            return values;
        }

        [WorkflowSignal("register")]
        public async Task RegisterAsync() => _registered = true;
    }

    [Workflow("dynamicHandlers")]
    public class DynamicHandlers
    {
        readonly List<object> _seen = [];

        [WorkflowRun]
        public async Task<List<object>> RunAsync()
        {
            await Workflow.WaitConditionAsync(() => _seen.Count >= 3);
            return _seen;
        }

        [WorkflowSignal(Dynamic = true)]
        public async Task SignalAsync(string name, IRawValue[] args) => _seen.Add(new { signal = name, args = Values(args) });

        [WorkflowQuery(Dynamic = true)]
        public object Query(string name, IRawValue[] args) => new { query = name, args = Values(args), seen = _seen.Count };

        [WorkflowUpdate(Dynamic = true)]
        public async Task<string> UpdateAsync(string name, IRawValue[] args)
        {
            _seen.Add(new { update = name, args = Values(args) });
            return name;
        }

        static IEnumerable<JsonElement> Values(IRawValue[] args) => args.Select(arg => Workflow.PayloadConverter.ToValue<JsonElement>(arg));
    }

    [Workflow("failingSignalHandler")]
    public class FailingSignalHandler
    {
        [WorkflowRun]
        public Task RunAsync() => Workflow.WaitConditionAsync(() => false);

        [WorkflowSignal("fail")]
        public Task FailAsync() => throw new ApplicationFailureException("failed by signal", "FromSignal");
    }

    [Workflow("signalOther")]
    public class SignalOther
    {
        [WorkflowRun]
        public async Task<object> RunAsync(string workflowId, string signal, JsonElement[]? args = null)
        {
            try
            {
                await Workflow.GetExternalWorkflowHandle(workflowId).SignalAsync(signal, [.. (args ?? []).Cast<object?>()]);
                return "sent";
            }
            catch (ApplicationFailureException error)
            {
                return new { @class = KitErrors.Name(error), message = error.Message, type = error.ErrorType };
            }
        }
    }

    [Workflow("cancelOther")]
    public class CancelOther
    {
        [WorkflowRun]
        public async Task<object> RunAsync(string workflowId)
        {
            try
            {
                await Workflow.GetExternalWorkflowHandle(workflowId).CancelAsync();
                return "sent";
            }
            catch (ApplicationFailureException error)
            {
                return new { @class = KitErrors.Name(error), message = error.Message, type = error.ErrorType };
            }
        }
    }

    [Workflow("signalSelf")]
    public class SignalSelf
    {
        string? _got;

        [WorkflowRun]
        public async Task<string?> RunAsync()
        {
            await Workflow.GetExternalWorkflowHandle<SignalSelf>(Workflow.Info.WorkflowId).SignalAsync(self => self.HelloAsync("me"));
            await Workflow.WaitConditionAsync(() => _got is not null);
            return _got;
        }

        [WorkflowSignal("hello")]
        public async Task HelloAsync(string value) => _got = value;
    }

    [Workflow("lateUpdateHandler")]
    public class LateUpdateHandler
    {
        bool _ready;
        bool _finished;

        [WorkflowRun]
        public async Task RunAsync()
        {
            await Workflow.WaitConditionAsync(() => _ready);
            Workflow.Updates["late"] = WorkflowUpdateDefinition.CreateWithoutAttribute("late", LateAsync);
            await Workflow.WaitConditionAsync(() => _finished);
        }

        [WorkflowSignal("register")]
        public async Task RegisterAsync() => _ready = true;

        async Task<JsonElement> LateAsync(JsonElement value)
        {
            _finished = true;
            return value;
        }
    }

    [Workflow("orderedUpdates")]
    public class OrderedUpdates
    {
        readonly List<JsonElement> _order = [];
        bool _busy;

        [WorkflowRun]
        public async Task<int> RunAsync(int count)
        {
            await Workflow.WaitConditionAsync(() => _order.Count >= count);
            await Workflow.WaitConditionAsync(() => Workflow.AllHandlersFinished);
            return _order.Count;
        }

        [WorkflowUpdate("enter")]
        public async Task<int> EnterAsync(JsonElement value)
        {
            await Workflow.WaitConditionAsync(() => !_busy);
            _busy = true;
            await Workflow.DelayAsync(5);
            _busy = false;
            _order.Add(value);
            return _order.Count;
        }
    }

    [Workflow("unfinishedUpdate")]
    public class UnfinishedUpdate
    {
        bool _finished;

        [WorkflowRun]
        public async Task<string> RunAsync()
        {
            await Workflow.WaitConditionAsync(() => _finished);
            return "left the handler behind";
        }

        [WorkflowSignal("finish")]
        public async Task FinishAsync() => _finished = true;

        [WorkflowUpdate("neverEnds")]
        public Task NeverEndsAsync() => Workflow.WaitConditionAsync(() => false);
    }
}
