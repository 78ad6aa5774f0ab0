using System.Linq.Expressions;
using Temporalio.Worker.Invocation;

namespace Temporalio.Workflows;

public static partial class Workflow
{
    /// <summary>Runs an activity and waits for its result.</summary>
    /// <typeparam name="TActivityInstance">Type with the activity.</typeparam>
    /// <typeparam name="TResult">Type of the result.</typeparam>
    public static Task<TResult> ExecuteActivityAsync<TActivityInstance, TResult>(
        Expression<Func<TActivityInstance, Task<TResult>>> activityCall, ActivityOptions options) =>
        ActivityAsync<TResult>(activityCall, options);

    /// <summary>Runs an activity and waits for its result.</summary>
    /// <typeparam name="TActivityInstance">Type with the activity.</typeparam>
    /// <typeparam name="TResult">Type of the result.</typeparam>
    public static Task<TResult> ExecuteActivityAsync<TActivityInstance, TResult>(
        Expression<Func<TActivityInstance, TResult>> activityCall, ActivityOptions options) =>
        ActivityAsync<TResult>(activityCall, options);

    /// <summary>Runs an activity and waits for its end.</summary>
    /// <typeparam name="TActivityInstance">Type with the activity.</typeparam>
    public static Task ExecuteActivityAsync<TActivityInstance>(
        Expression<Func<TActivityInstance, Task>> activityCall, ActivityOptions options) =>
        ActivityAsync<ValueTuple>(activityCall, options);

    /// <summary>Runs an activity and waits for its end.</summary>
    /// <typeparam name="TActivityInstance">Type with the activity.</typeparam>
    public static Task ExecuteActivityAsync<TActivityInstance>(
        Expression<Action<TActivityInstance>> activityCall, ActivityOptions options) =>
        ActivityAsync<ValueTuple>(activityCall, options);

    /// <summary>Runs an activity and waits for its result.</summary>
    /// <typeparam name="TResult">Type of the result.</typeparam>
    public static Task<TResult> ExecuteActivityAsync<TResult>(
        Expression<Func<Task<TResult>>> activityCall, ActivityOptions options) =>
        ActivityAsync<TResult>(activityCall, options);

    /// <summary>Runs an activity and waits for its result.</summary>
    /// <typeparam name="TResult">Type of the result.</typeparam>
    public static Task<TResult> ExecuteActivityAsync<TResult>(
        Expression<Func<TResult>> activityCall, ActivityOptions options) =>
        ActivityAsync<TResult>(activityCall, options);

    /// <summary>Runs an activity and waits for its end.</summary>
    public static Task ExecuteActivityAsync(
        Expression<Func<Task>> activityCall, ActivityOptions options) =>
        ActivityAsync<ValueTuple>(activityCall, options);

    /// <summary>Runs an activity and waits for its end.</summary>
    public static Task ExecuteActivityAsync(
        Expression<Action> activityCall, ActivityOptions options) =>
        ActivityAsync<ValueTuple>(activityCall, options);

    /// <summary>Runs an activity by name and waits for its result.</summary>
    /// <typeparam name="TResult">Type of the result.</typeparam>
    public static Task<TResult> ExecuteActivityAsync<TResult>(
        string activity, IReadOnlyCollection<object?> args, ActivityOptions options) =>
        Context.Outbound.ScheduleActivityAsync<TResult>(new(activity, args, options, null));

    /// <summary>Runs an activity by name and waits for its end.</summary>
    public static Task ExecuteActivityAsync(
        string activity, IReadOnlyCollection<object?> args, ActivityOptions options) =>
        Context.Outbound.ScheduleActivityAsync<ValueTuple>(new(activity, args, options, null));

    static Task<TResult> ActivityAsync<TResult>(LambdaExpression call, ActivityOptions options)
    {
        var (method, arguments) = CallExpression.Read(call);
        return Context.Outbound.ScheduleActivityAsync<TResult>(new(MemberNames.Activity(method), arguments, options, null));
    }
}
