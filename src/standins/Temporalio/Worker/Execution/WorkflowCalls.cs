using Google.Protobuf.Collections;
using Microsoft.Extensions.Logging;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.History.V1;
using Temporalio.Api.Query.V1;
using Temporalio.Exceptions;
using Temporalio.Worker.Interceptors;
using Temporalio.Worker.Operations;
using Temporalio.Workflows;

namespace Temporalio.Worker.Execution;

/// <summary>Calls the run method and the handlers of a workflow, and turns how they end into commands.</summary>
sealed class WorkflowCalls(WorkflowInstance workflow, WorkflowInboundInterceptor inbound)
{
    static readonly AsyncLocal<WorkflowUpdateInfo?> UpdateOfThisCode = new();

    public static WorkflowUpdateInfo? CurrentUpdate => UpdateOfThisCode.Value;

    public void StartMain() => Start(async () =>
    {
        var instance = workflow.Instance;
        var result = await inbound.ExecuteWorkflowAsync(new(instance, workflow.Definition.RunMethod, workflow.StartArguments));
        End(EventType.WorkflowExecutionCompleted, new()
        {
            CommandType = CommandType.CompleteWorkflowExecution,
            CompleteWorkflowExecutionCommandAttributes = new()
            {
                Result = new() { Payloads_ = { workflow.PayloadConverter.ToPayload(result) } },
            },
        });
    });

    public void StartSignal(WorkflowSignalDefinition handler, WorkflowExecutionSignaledEventAttributes signal) => Start(async () =>
    {
        object?[] arguments;
        try
        {
            arguments = handler.Handler.Bind(workflow.PayloadConverter, signal.SignalName, WorkflowInstance.PayloadsOf(signal.Input));
        }
        catch (Exception problem)
        {
            workflow.Logger.LogError(problem, "Signal '{SignalName}' was dropped: its arguments do not fit the handler", signal.SignalName);
            return;
        }

        _ = workflow.Instance;
        using var running = workflow.Handlers.Running($"signal '{signal.SignalName}'", handler.UnfinishedPolicy);
        await inbound.HandleSignalAsync(new(signal.SignalName, handler, arguments, signal.Header?.Fields));
    });

    public void StartUpdate(UpdateOperation update, bool validate) => Start(async () =>
    {
        _ = workflow.Instance;
        UpdateOfThisCode.Value = new(update.Id, update.Name);
        HandleUpdateInput input;
        try
        {
            input = Admit(update, validate);
        }
        catch (Exception problem)
        {
            update.Reject(workflow.ToFailure(problem));
            return;
        }

        update.Accept();
        using var running = workflow.Handlers.Running($"update '{update.Name}', id '{update.Id}'", input.Definition.UnfinishedPolicy);
        try
        {
            var result = await inbound.HandleUpdateAsync(input);
            update.Complete(workflow.PayloadConverter.ToPayload(result));
        }
        catch (Exception problem) when (workflow.FailsWorkflow(problem))
        {
            update.Fail(workflow.ToFailure(problem));
        }
    });

    public WorkflowQueryResult Answer(string id, WorkflowQuery query)
    {
        try
        {
            var answer = BuiltInQueries.TryAnswer(workflow, query.QueryType, out var builtIn) ? builtIn : Ask(id, query);
            return new()
            {
                ResultType = QueryResultType.Answered,
                Answer = new() { Payloads_ = { workflow.PayloadConverter.ToPayload(answer) } },
            };
        }
        catch (Exception problem)
        {
            return new() { ResultType = QueryResultType.Failed, ErrorMessage = problem.Message, Failure = workflow.ToFailure(problem) };
        }
    }

    object? Ask(string id, WorkflowQuery query)
    {
        var handler = workflow.Handlers.FindQuery(query.QueryType) ?? throw new InvalidOperationException(
            $"Query handler for {query.QueryType} expected but not found, known queries: [{Names(workflow.Handlers.Queries.Keys)}]");
        var arguments = handler.Handler.Bind(workflow.PayloadConverter, query.QueryType, WorkflowInstance.PayloadsOf(query.QueryArgs));
        return inbound.HandleQuery(new(id, query.QueryType, handler, arguments, query.Header?.Fields));
    }

    HandleUpdateInput Admit(UpdateOperation update, bool validate)
    {
        var handler = workflow.Handlers.FindUpdate(update.Name) ?? throw new InvalidOperationException(
            $"Update handler for {update.Name} expected but not found, known updates: [{Names(workflow.Handlers.Updates.Keys)}]");

        // The validator gets arguments of its own: what it does to them does not reach the handler.
        if (validate && handler.Validator is not null)
        {
            using var reading = workflow.ReadOnly("an update validator");
            inbound.ValidateUpdate(Input());
        }

        return Input();

        HandleUpdateInput Input() => new(
            update.Id,
            update.Name,
            handler,
            handler.Handler.Bind(workflow.PayloadConverter, update.Name, WorkflowInstance.PayloadsOf(update.Input.Args)),
            update.Input.Header?.Fields);
    }

    static string Names(IEnumerable<string> names) => string.Join(' ', names.Order(StringComparer.Ordinal));

    void Start(Func<Task> body) => _ = workflow.RunTask(() => GuardAsync(body), CancellationToken.None);

    async Task GuardAsync(Func<Task> body)
    {
        try
        {
            await body();
        }
        catch (ContinueAsNewException next)
        {
            Guarded(() => End(EventType.WorkflowExecutionContinuedAsNew, new()
            {
                CommandType = CommandType.ContinueAsNewWorkflowExecution,
                ContinueAsNewWorkflowExecutionCommandAttributes = CommandAttributes.Of(workflow, next.Input),
            }));
        }
        catch (Exception problem)
            when (workflow.CancellationToken.IsCancellationRequested && TemporalException.IsCanceledException(problem))
        {
            End(EventType.WorkflowExecutionCanceled, new()
            {
                CommandType = CommandType.CancelWorkflowExecution,
                CancelWorkflowExecutionCommandAttributes = new(),
            });
        }
        catch (Exception problem) when (workflow.FailsWorkflow(problem))
        {
            Guarded(() => Fail(problem));
        }
        catch (Exception problem)
        {
            workflow.Break(problem);
        }
    }

    public void Fail(Exception problem) => End(EventType.WorkflowExecutionFailed, new()
    {
        CommandType = CommandType.FailWorkflowExecution,
        FailWorkflowExecutionCommandAttributes = new() { Failure = workflow.ToFailure(problem) },
    });

    // Values that cannot be converted are a bug like any other.
    void Guarded(Action end)
    {
        try
        {
            end();
        }
        catch (Exception problem)
        {
            workflow.Break(problem);
        }
    }

    void End(EventType recordedBy, Api.Command.V1.Command command) =>
        workflow.Commands.End(new(new PlainOperation(), command, recordedBy, $"end of workflow '{workflow.Info.WorkflowType}'"));
}
