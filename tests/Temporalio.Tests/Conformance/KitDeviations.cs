using System.Text.RegularExpressions;

namespace Temporalio.Tests.Conformance;

/// <summary>
/// Differences between a recording with the TypeScript SDK and the same with this one that are meant to be, each with its reason.
/// </summary>
static partial class KitDeviations
{
    static readonly (string Scenario, Regex Difference)[] Known =
    [
        // A failure names the SDK that made it.
        ("*", SourceOfFailure()),

        // The TypeScript SDK gives a cancellation no text of its own; the core that the other SDKs share says "Activity cancelled".
        ("activities.*", TextOfCancellation()),

        // TypeScript's TimeoutFailure leaves out the failure that the server attached as its cause.
        ("activities.startToCloseTimeout", CauseOfTimeout()),

        // TypeScript's ChildWorkflowFailure has one text for every ending.
        ("children.t*", TextOfChildFailure()),

        // .NET's cancellation is an exception of the framework; in a failure it stands under the framework's name.
        ("ending.cleanUpOnCancel", CancellationAsCause()),

        // A heartbeat right before a failure goes with the failure, not in a call of its own.
        ("activities.heartbeatDetailsCarried", HeartbeatTime()),

        // Only a field that holds the name of the SDK.
        ("ending.plainFailure", EmptyFailure()),

        // TypeScript writes every search attribute as a list, .NET single values as such.
        ("markers.searchAttributes", SearchAttributeAsList()),
        ("children.options", SearchAttributeAsList()),

        // Built-in queries answer as the .NET SDK does: metadata as protobuf JSON, which TypeScript's client cannot read, own texts, and
        // a stack trace only where the worker is asked for it.
        ("queries.metadata", UnknownEncoding()),
        ("workflowTasks.largeHistory", UnknownEncoding()),
        ("queries.problems", TextOfUnknownHandler()),
        ("queries.stackTrace", NoStackTrace()),
        ("updates.lateHandler", TextOfUnknownHandler()),
        ("updates.unknownName", TextOfUnknownHandler()),

        // The same code and type of failure, with the figures in its text.
        ("ending.resultTooLarge", TextOfTooLarge()),

        // What the worker says when it fails a task is its own, more than TypeScript's where it can be.
        ("versions.*", FailureOfTask()),

        // The activity function of the scenario counts its calls; local activities run here, where it is not.
        ("markers.aroundTimer", CountOfCalls()),

        // About the server alone: docs/temporal-compatibility.md.
        ("taskQueues.systemInfo", Capability()),
    ];

    public static bool Explain(string scenario, string difference, int cacheSize) =>
        (cacheSize == 0 && StickyQueue().IsMatch(difference))
        || Array.Exists(Known, known => IsLike(scenario, known.Scenario) && known.Difference.IsMatch(difference));

    static bool IsLike(string scenario, string pattern) =>
        pattern.EndsWith('*') ? scenario.StartsWith(pattern[..^1], StringComparison.Ordinal) : scenario == pattern;

    // Without a cache there is no sticky queue.
    [GeneratedRegex(@"attributes\.taskQueue\.(kind|name|normalName): expected (""TASK_QUEUE_KIND_STICKY""|""<sticky>""|""\$-)")]
    private static partial Regex StickyQueue();

    [GeneratedRegex(@"ource: expected ""TypeScriptSDK"", got ")]
    private static partial Regex SourceOfFailure();

    [GeneratedRegex(@"causeMessage: expected """", got ""Activity canc")]
    private static partial Regex TextOfCancellation();

    [GeneratedRegex(@"chain\[2\]: expected nothing, got \{""class"":""TimeoutFailure""")]
    private static partial Regex CauseOfTimeout();

    [GeneratedRegex(@"chain\[0\]\.message: expected ""Child Workflow execution failed"", got ""Child Workflow execution (term|timed)")]
    private static partial Regex TextOfChildFailure();

    [GeneratedRegex(@"(Workflow cancelled|CancelledFailure)"", got|TaskCanceledException|cause\.cause\.nonRetryable")]
    private static partial Regex CancellationAsCause();

    [GeneratedRegex(@"attributes\.failure: expected \{""source"":""TypeScriptSDK""\}, got nothing")]
    private static partial Regex EmptyFailure();

    [GeneratedRegex(@"Conformance\w+(\.value|\.encoding|\[0\]): expected (\[|""<time>""|""json/plain"", got ""binary/null"")")]
    private static partial Regex SearchAttributeAsList();

    [GeneratedRegex("Unknown encoding: json/protobuf")]
    private static partial Regex UnknownEncoding();

    [GeneratedRegex(
        @"(\.message: expected ""(No registered|Workflow did not register a) handler)"
        + @"|cause\.type: expected ""Error""|cause\.nonRetryable: expected true")]
    private static partial Regex TextOfUnknownHandler();

    [GeneratedRegex("stack traces are not available on this worker")]
    private static partial Regex NoStackTrace();

    [GeneratedRegex(@"WorkflowTaskFailed: attributes\.failure\.(applicationFailureInfo: expected nothing|message: expected )")]
    private static partial Regex FailureOfTask();

    [GeneratedRegex(@"failure\.message: expected ""\[TMPRL1103\][^""]*\."", got ""\[TMPRL1103\]")]
    private static partial Regex TextOfTooLarge();

    [GeneratedRegex(@"lastHeartbeatTime: expected ""<time>"", got nothing")]
    private static partial Regex HeartbeatTime();

    [GeneratedRegex(@"observed\.runs: expected 4, got 0")]
    private static partial Regex CountOfCalls();

    [GeneratedRegex(@"observed\.(namespace\.)?capabilities|observed\.namespace")]
    private static partial Regex Capability();
}
