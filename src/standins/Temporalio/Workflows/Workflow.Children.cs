using System.Linq.Expressions;
using Temporalio.Worker.Invocation;

namespace Temporalio.Workflows;

public static partial class Workflow
{
    /// <summary>Starts a child workflow and waits until it has started.</summary>
    /// <typeparam name="TWorkflow">Type of the workflow.</typeparam>
    /// <typeparam name="TResult">Type of its result.</typeparam>
    public static Task<ChildWorkflowHandle<TWorkflow, TResult>> StartChildWorkflowAsync<TWorkflow, TResult>(
        Expression<Func<TWorkflow, Task<TResult>>> workflowRunCall, ChildWorkflowOptions? options = null) =>
        StartChildAsync<TWorkflow, TResult>(workflowRunCall, options);

    /// <summary>Starts a child workflow and waits until it has started.</summary>
    /// <typeparam name="TWorkflow">Type of the workflow.</typeparam>
    public static async Task<ChildWorkflowHandle<TWorkflow>> StartChildWorkflowAsync<TWorkflow>(
        Expression<Func<TWorkflow, Task>> workflowRunCall, ChildWorkflowOptions? options = null) =>
        await StartChildAsync<TWorkflow, ValueTuple>(workflowRunCall, options);

    /// <summary>Starts a child workflow by name and waits until it has started.</summary>
    public static async Task<ChildWorkflowHandle> StartChildWorkflowAsync(
        string workflow, IReadOnlyCollection<object?> args, ChildWorkflowOptions? options = null) =>
        await Context.Outbound.StartChildWorkflowAsync<object?, ValueTuple>(new(workflow, args, options ?? new(), null));

    /// <summary>Runs a child workflow and waits for its result.</summary>
    /// <typeparam name="TWorkflow">Type of the workflow.</typeparam>
    /// <typeparam name="TResult">Type of its result.</typeparam>
    public static async Task<TResult> ExecuteChildWorkflowAsync<TWorkflow, TResult>(
        Expression<Func<TWorkflow, Task<TResult>>> workflowRunCall, ChildWorkflowOptions? options = null) =>
        await (await StartChildAsync<TWorkflow, TResult>(workflowRunCall, options)).GetResultAsync();

    /// <summary>Runs a child workflow and waits for its end.</summary>
    /// <typeparam name="TWorkflow">Type of the workflow.</typeparam>
    public static async Task ExecuteChildWorkflowAsync<TWorkflow>(
        Expression<Func<TWorkflow, Task>> workflowRunCall, ChildWorkflowOptions? options = null) =>
        await (await StartChildAsync<TWorkflow, ValueTuple>(workflowRunCall, options)).GetResultAsync();

    /// <summary>Runs a child workflow by name and waits for its result.</summary>
    /// <typeparam name="TResult">Type of its result.</typeparam>
    public static async Task<TResult> ExecuteChildWorkflowAsync<TResult>(
        string workflow, IReadOnlyCollection<object?> args, ChildWorkflowOptions? options = null) =>
        await (await StartChildWorkflowAsync(workflow, args, options)).GetResultAsync<TResult>();

    /// <summary>Runs a child workflow by name and waits for its end.</summary>
    public static async Task ExecuteChildWorkflowAsync(
        string workflow, IReadOnlyCollection<object?> args, ChildWorkflowOptions? options = null) =>
        await (await StartChildWorkflowAsync(workflow, args, options)).GetResultAsync();

    /// <summary>A handle to signal or cancel any workflow of the namespace.</summary>
    public static ExternalWorkflowHandle GetExternalWorkflowHandle(string id, string? runId = null) =>
        new ExternalHandle<object?>(Context, id, runId);

    /// <summary>A handle to signal or cancel any workflow of the namespace.</summary>
    /// <typeparam name="TWorkflow">Type of the workflow.</typeparam>
    public static ExternalWorkflowHandle<TWorkflow> GetExternalWorkflowHandle<TWorkflow>(string id, string? runId = null) =>
        new ExternalHandle<TWorkflow>(Context, id, runId);

    /// <summary>The exception to throw to end this run and go on in a new one.</summary>
    /// <typeparam name="TWorkflow">Type of the workflow.</typeparam>
    /// <typeparam name="TResult">Type of its result.</typeparam>
    public static ContinueAsNewException CreateContinueAsNewException<TWorkflow, TResult>(
        Expression<Func<TWorkflow, Task<TResult>>> workflowRunCall, ContinueAsNewOptions? options = null) =>
        ContinueAsNew(workflowRunCall, options);

    /// <summary>The exception to throw to end this run and go on in a new one.</summary>
    /// <typeparam name="TWorkflow">Type of the workflow.</typeparam>
    public static ContinueAsNewException CreateContinueAsNewException<TWorkflow>(
        Expression<Func<TWorkflow, Task>> workflowRunCall, ContinueAsNewOptions? options = null) =>
        ContinueAsNew(workflowRunCall, options);

    /// <summary>The exception to throw to end this run and go on in a new one, by name.</summary>
    public static ContinueAsNewException CreateContinueAsNewException(
        string workflow, IReadOnlyCollection<object?> args, ContinueAsNewOptions? options = null) =>
        Context.Outbound.CreateContinueAsNewException(new(workflow, args, options, null));

    static Task<ChildWorkflowHandle<TWorkflow, TResult>> StartChildAsync<TWorkflow, TResult>(
        LambdaExpression call, ChildWorkflowOptions? options)
    {
        var (name, arguments) = RunCall(call);
        return Context.Outbound.StartChildWorkflowAsync<TWorkflow, TResult>(new(name, arguments, options ?? new(), null));
    }

    static ContinueAsNewException ContinueAsNew(LambdaExpression call, ContinueAsNewOptions? options)
    {
        var (name, arguments) = RunCall(call);
        return Context.Outbound.CreateContinueAsNewException(new(name, arguments, options, null));
    }

    static (string Name, object?[] Arguments) RunCall(LambdaExpression call)
    {
        var (method, arguments) = CallExpression.Read(call);
        MemberNames.RequireRunMethod(method);
        return (MemberNames.Workflow(call.Parameters[0].Type), arguments);
    }
}
