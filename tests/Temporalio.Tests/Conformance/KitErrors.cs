using System.Text.Json;
using System.Text.RegularExpressions;
using Temporalio.Api.Enums.V1;
using Temporalio.Converters;
using Temporalio.Exceptions;

namespace Temporalio.Tests.Conformance;

/// <summary>Exceptions as the kit's TypeScript workflows describe theirs: the same failures under the names they have there.</summary>
static partial class KitErrors
{
    public static string Name(Exception error) => error switch
    {
        OperationCanceledException or CanceledFailureException => "CancelledFailure",
        WorkflowAlreadyStartedException => "WorkflowExecutionAlreadyStartedError",
        _ => error.GetType().Name.Replace("Exception", "", StringComparison.Ordinal),
    };

    public static string Message(Exception error) => error switch
    {
        WorkflowAlreadyStartedException => "Workflow execution already started",
        _ => error.Message,
    };

    public static string? RetryStateOf(Exception? error) => error switch
    {
        ActivityFailureException activity => Screaming(activity.RetryState.ToString()),
        ChildWorkflowFailureException child => Screaming(child.RetryState.ToString()),
        _ => null,
    };

    /// <summary>The error and its causes, as catchActivity returns them.</summary>
    public static object ActivityChain(Exception error) => new
    {
        chain = Chain(error).Select(at => new
        {
            @class = Name(at),
            message = Message(at),
            type = at is ApplicationFailureException { ErrorType: var type } ? type ?? string.Empty : null,
            retryState = RetryStateOf(at),
            timeoutType = TimeoutTypeOf(at),
            lastHeartbeatDetails = First((at as TimeoutFailureException)?.LastHeartbeatDetails),
            details = at is ApplicationFailureException { Details: var details } ? All(details) : null,
            nonRetryable = (at as ApplicationFailureException)?.NonRetryable,
        }),
    };

    /// <summary>The error and its causes, as catchChild returns them.</summary>
    public static object ChildChain(Exception error) => new
    {
        chain = Chain(error).Select(at => new
        {
            @class = Name(at),
            message = Message(at),
            type = (at as ApplicationFailureException)?.ErrorType,
            retryState = RetryStateOf(at),
            timeoutType = TimeoutTypeOf(at),
        }),
    };

    static IEnumerable<Exception> Chain(Exception error)
    {
        for (var at = error; at is not null; at = at.InnerException)
            yield return at;
    }

    static string? TimeoutTypeOf(Exception error) =>
        error is TimeoutFailureException { TimeoutType: not TimeoutType.Unspecified and var type } ? Screaming(type.ToString()) : null;

    static JsonElement? First(IFailureDetails? details) =>
        details is { Count: > 0 } ? details.ElementAt<JsonElement>(0) : null;

    static IEnumerable<JsonElement> All(IFailureDetails details) =>
        [.. Enumerable.Range(0, details.Count).Select(details.ElementAt<JsonElement>)];

    static string Screaming(string name) => WordStart().Replace(name, "_").ToUpperInvariant();

    [GeneratedRegex("(?<=[a-z])(?=[A-Z])")]
    private static partial Regex WordStart();
}
