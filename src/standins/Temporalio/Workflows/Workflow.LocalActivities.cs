using System.Linq.Expressions;
using Temporalio.Worker.Invocation;

namespace Temporalio.Workflows;

public static partial class Workflow
{
    /// <summary>Runs a local activity and waits for its result.</summary>
    /// <typeparam name="TActivityInstance">Type with the activity.</typeparam>
    /// <typeparam name="TResult">Type of the result.</typeparam>
    public static Task<TResult> ExecuteLocalActivityAsync<TActivityInstance, TResult>(
        Expression<Func<TActivityInstance, Task<TResult>>> activityCall, LocalActivityOptions options) =>
        LocalActivityAsync<TResult>(activityCall, options);

    /// <summary>Runs a local activity and waits for its result.</summary>
    /// <typeparam name="TActivityInstance">Type with the activity.</typeparam>
    /// <typeparam name="TResult">Type of the result.</typeparam>
    public static Task<TResult> ExecuteLocalActivityAsync<TActivityInstance, TResult>(
        Expression<Func<TActivityInstance, TResult>> activityCall, LocalActivityOptions options) =>
        LocalActivityAsync<TResult>(activityCall, options);

    /// <summary>Runs a local activity and waits for its end.</summary>
    /// <typeparam name="TActivityInstance">Type with the activity.</typeparam>
    public static Task ExecuteLocalActivityAsync<TActivityInstance>(
        Expression<Func<TActivityInstance, Task>> activityCall, LocalActivityOptions options) =>
        LocalActivityAsync<ValueTuple>(activityCall, options);

    /// <summary>Runs a local activity and waits for its end.</summary>
    /// <typeparam name="TActivityInstance">Type with the activity.</typeparam>
    public static Task ExecuteLocalActivityAsync<TActivityInstance>(
        Expression<Action<TActivityInstance>> activityCall, LocalActivityOptions options) =>
        LocalActivityAsync<ValueTuple>(activityCall, options);

    /// <summary>Runs a local activity and waits for its result.</summary>
    /// <typeparam name="TResult">Type of the result.</typeparam>
    public static Task<TResult> ExecuteLocalActivityAsync<TResult>(
        Expression<Func<Task<TResult>>> activityCall, LocalActivityOptions options) =>
        LocalActivityAsync<TResult>(activityCall, options);

    /// <summary>Runs a local activity and waits for its result.</summary>
    /// <typeparam name="TResult">Type of the result.</typeparam>
    public static Task<TResult> ExecuteLocalActivityAsync<TResult>(
        Expression<Func<TResult>> activityCall, LocalActivityOptions options) =>
        LocalActivityAsync<TResult>(activityCall, options);

    /// <summary>Runs a local activity and waits for its end.</summary>
    public static Task ExecuteLocalActivityAsync(
        Expression<Func<Task>> activityCall, LocalActivityOptions options) =>
        LocalActivityAsync<ValueTuple>(activityCall, options);

    /// <summary>Runs a local activity and waits for its end.</summary>
    public static Task ExecuteLocalActivityAsync(
        Expression<Action> activityCall, LocalActivityOptions options) =>
        LocalActivityAsync<ValueTuple>(activityCall, options);

    /// <summary>Runs a local activity by name and waits for its result.</summary>
    /// <typeparam name="TResult">Type of the result.</typeparam>
    public static Task<TResult> ExecuteLocalActivityAsync<TResult>(
        string activity, IReadOnlyCollection<object?> args, LocalActivityOptions options) =>
        Context.Outbound.ScheduleLocalActivityAsync<TResult>(new(activity, args, options, null));

    /// <summary>Runs a local activity by name and waits for its end.</summary>
    public static Task ExecuteLocalActivityAsync(
        string activity, IReadOnlyCollection<object?> args, LocalActivityOptions options) =>
        Context.Outbound.ScheduleLocalActivityAsync<ValueTuple>(new(activity, args, options, null));

    static Task<TResult> LocalActivityAsync<TResult>(LambdaExpression call, LocalActivityOptions options)
    {
        var (method, arguments) = CallExpression.Read(call);
        return Context.Outbound.ScheduleLocalActivityAsync<TResult>(new(MemberNames.Activity(method), arguments, options, null));
    }
}
