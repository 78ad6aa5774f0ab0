using System.Text.Json;
using Temporalio.Common;
using Temporalio.Converters;
using Temporalio.Exceptions;
using Temporalio.Workflows;

namespace Temporalio.Tests.Conformance;

/// <summary>The kit's workflows about starting, ending and chains of runs.</summary>
public static class BasicKit
{
    [Workflow("echo")]
    public class Echo
    {
        [WorkflowRun]
        public async Task<object?> RunAsync(IRawValue? value = null) => value;
    }

    [Workflow("echoAll")]
    public class EchoAll
    {
        [WorkflowRun]
        public async Task<object> RunAsync(IRawValue? first = null, IRawValue? second = null, IRawValue? third = null, IRawValue? fourth = null)
        {
            var args = new[] { first, second, third, fourth }.OfType<IRawValue>().ToList();
            return new { count = args.Count, args = args.ConvertAll(Shown) };
        }

        static JsonElement Shown(IRawValue value) => value.Payload.Metadata["encoding"].ToStringUtf8() == "binary/null"
            ? JsonSerializer.SerializeToElement("undefined")
            : Workflow.PayloadConverter.ToValue<JsonElement>(value);
    }

    [Workflow("waitForever")]
    public class WaitForever
    {
        [WorkflowRun]
        public Task RunAsync() => Workflow.WaitConditionAsync(() => false);
    }

    [Workflow("failWith")]
    public class FailWith
    {
        [WorkflowRun]
        public async Task RunAsync(KitFailure failure) => throw failure.ToException();
    }

    [Workflow("succeedOnAttempt")]
    public class SucceedOnAttempt
    {
        [WorkflowRun]
        public async Task<int> RunAsync(int attempt, KitFailure? failure = null) => Workflow.Info.Attempt >= attempt
            ? Workflow.Info.Attempt
            : throw (failure ?? new() { Message = "not yet", Type = "NotYet" }).ToException();
    }

    [Workflow("countRuns")]
    public class CountRuns
    {
        [WorkflowRun]
        public async Task<int> RunAsync(int stopAfter)
        {
            var last = Workflow.Info.LastResult?.FirstOrDefault() is { } value ? Workflow.PayloadConverter.ToValue<int>(value) : 0;
            if (last >= stopAfter)
                await Workflow.WaitConditionAsync(() => false);
            return last + 1;
        }
    }

    [Workflow("cronThatFailsOnce")]
    public class CronThatFailsOnce
    {
        [WorkflowRun]
        public async Task<string?> RunAsync()
        {
            var last = Workflow.Info.LastResult?.FirstOrDefault() is { } value ? Workflow.PayloadConverter.ToValue<string?>(value) : null;
            if (last is null)
                return "first";
            if (Workflow.Info.LastFailure is null)
                throw new ApplicationFailureException("second run fails", "SecondRun", nonRetryable: true);
            await Workflow.WaitConditionAsync(() => false);
            return null;
        }
    }

    [Workflow("countDown")]
    public class CountDown
    {
        [WorkflowRun]
        public async Task<object> RunAsync(int count)
        {
            if (count > 0)
                throw Workflow.CreateContinueAsNewException((CountDown next) => next.RunAsync(count - 1));

            return new
            {
                memo = Workflow.Memo.ToDictionary(field => field.Key, field => Kit.Json(field.Value)),
                attempt = Workflow.Info.Attempt,
                continued = Workflow.Info.ContinuedRunId is not null,
                searchAttributes = Kit.Json(Workflow.TypedSearchAttributes),
            };
        }
    }

    [Workflow("continueDifferently")]
    public class ContinueDifferently
    {
        [WorkflowRun]
        public async Task RunAsync() => throw Workflow.CreateContinueAsNewException(
            "echo",
            ["came from another type"],
            new()
            {
                Memo = new Dictionary<string, object> { ["changed"] = true },
                RunTimeout = TimeSpan.FromMinutes(5),
                TaskTimeout = TimeSpan.FromSeconds(7),
            });
    }

    [Workflow("timerThenContinue")]
    public class TimerThenContinue
    {
        [WorkflowRun]
        public async Task RunAsync()
        {
            await Workflow.DelayAsync(10);
            throw Workflow.CreateContinueAsNewException((TimerThenContinue next) => next.RunAsync());
        }
    }

    [Workflow("selfPortrait")]
    public class SelfPortrait
    {
        [WorkflowRun]
        public async Task<object> RunAsync() => new
        {
            type = Workflow.Info.WorkflowType,
            attempt = Workflow.Info.Attempt,
            historyLength = Workflow.CurrentHistoryLength,
            memo = Workflow.Memo.ToDictionary(field => field.Key, field => Kit.Json(field.Value)),
            searchAttributes = Kit.Json(Workflow.TypedSearchAttributes),
            hasParent = Workflow.Info.Parent is not null,
            hasRoot = Workflow.Info.Root is not null,
            runTimeout = Kit.Milliseconds(Workflow.Info.RunTimeout),
            executionTimeout = Kit.Milliseconds(Workflow.Info.ExecutionTimeout),
            taskTimeout = Kit.Milliseconds(Workflow.Info.TaskTimeout),
            cron = Workflow.Info.CronSchedule,
            continueAsNewSuggested = Workflow.ContinueAsNewSuggested,
            retryPolicy = Kit.Portrait(Workflow.Info.RetryPolicy),
            priority = Kit.Portrait(Workflow.Info.Priority),
            lastResult = Workflow.Info.LastResult?.FirstOrDefault() is { } last ? Kit.Json(last) : (JsonElement?)null,
        };
    }

    [Workflow("changeSearchAttributes")]
    public class ChangeSearchAttributes
    {
        static readonly SearchAttributeKey<string> Keyword = SearchAttributeKey.CreateKeyword("ConformanceKeyword");
        static readonly SearchAttributeKey<long> Int = SearchAttributeKey.CreateLong("ConformanceInt");
        static readonly SearchAttributeKey<bool> Bool = SearchAttributeKey.CreateBool("ConformanceBool");

        [WorkflowRun]
        public async Task<object> RunAsync()
        {
            Workflow.UpsertTypedSearchAttributes(Keyword.ValueSet("one"), Int.ValueSet(1));
            await Workflow.DelayAsync(10);
            Workflow.UpsertTypedSearchAttributes(
                Int.ValueSet(2),
                Bool.ValueSet(true),
                SearchAttributeKey.CreateDouble("ConformanceDouble").ValueSet(1.5),
                SearchAttributeKey.CreateKeywordList("ConformanceKeywordList").ValueSet(["a", "b"]),
                SearchAttributeKey.CreateDateTimeOffset("ConformanceDatetime").ValueSet(DateTimeOffset.FromUnixTimeSeconds(1700000000)),
                SearchAttributeKey.CreateText("ConformanceText").ValueSet("some words"));
            await Workflow.DelayAsync(10);
            Workflow.UpsertTypedSearchAttributes(Keyword.ValueUnset());
            return Kit.Json(Workflow.TypedSearchAttributes);
        }
    }

    [Workflow("upsertUnknownAttribute")]
    public class UpsertUnknownAttribute
    {
        [WorkflowRun]
        public async Task RunAsync() =>
            Workflow.UpsertTypedSearchAttributes(SearchAttributeKey.CreateKeyword("NoSuchAttribute").ValueSet("x"));
    }

    [Workflow("changeMemo")]
    public class ChangeMemo
    {
        [WorkflowRun]
        public async Task<object> RunAsync()
        {
            Workflow.UpsertMemo(MemoUpdate.ValueSet("added", 1), MemoUpdate.ValueSet("kept", "new"));
            await Workflow.DelayAsync(10);
            Workflow.UpsertMemo(MemoUpdate.ValueUnset("added"), MemoUpdate.ValueSet("nested", new { deep = new[] { 1, 2 } }));
            return Workflow.Memo.ToDictionary(field => field.Key, field => Kit.Json(field.Value));
        }
    }

    [Workflow("withCurrentDetails")]
    public class WithCurrentDetails
    {
        bool _finished;

        [WorkflowRun]
        public async Task RunAsync()
        {
            Workflow.CurrentDetails = "waiting for *finish*";
            await Workflow.WaitConditionAsync(() => _finished);
            Workflow.CurrentDetails = "finished";
        }

        [WorkflowSignal("finish", Description = "Ends the workflow.")]
        public async Task FinishAsync() => _finished = true;
    }

    [Workflow("cleanUpOnCancel")]
    public class CleanUpOnCancel
    {
        [WorkflowRun]
        public async Task<string> RunAsync(string? how = null)
        {
            try
            {
                await Workflow.WaitConditionAsync(() => false);
            }
            catch (Exception error) when (TemporalException.IsCanceledException(error))
            {
                await Workflow.DelayAsync(500, CancellationToken.None);
                if (how == "rethrow")
                    throw;
                if (how == "fail")
                    throw new ApplicationFailureException("clean-up failed", error, "CleanUp");
            }

            return "cleaned up";
        }
    }

    [Workflow("returnLarge")]
    public class ReturnLarge
    {
        [WorkflowRun]
        public async Task<string> RunAsync(int size) => new('x', size);
    }

    [Workflow("manyTimersAtOnce")]
    public class ManyTimersAtOnce
    {
        [WorkflowRun]
        public async Task<int> RunAsync(int count)
        {
            await Workflow.WhenAllAsync(Enumerable.Range(0, count).Select(_ => Workflow.DelayAsync(1)));
            return count;
        }
    }
}
