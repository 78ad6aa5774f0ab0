using System.Text.Json;
using Google.Protobuf;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;

namespace Temporal.Engine;

/// <summary>
/// What keeps the workflow from going on: shown as a search attribute once some tasks in a row have failed, so that broken
/// workflows can be listed, and taken away by the first task that completes.
/// </summary>
sealed partial class WorkflowRun
{
    public const string ProblemsAttribute = "TemporalReportedProblems";

    const int FailuresUntilReported = 5;

    int _failuresInARow;

    public void NoteTaskFailed(WorkflowTaskFailedCause cause) => NoteProblem("WorkflowTaskFailed", $"WorkflowTaskFailedCause{cause}");

    public void NoteTaskTimedOut(TimeoutType type) => NoteProblem("WorkflowTaskTimedOut", $"WorkflowTaskTimedOutCause{type}");

    void NoteProblem(string category, string cause)
    {
        _failuresInARow++;
        if (_failuresInARow < FailuresUntilReported)
            return;
        string[] problems = [$"category={category}", $"cause={cause}"];
        var shown = new Payload
        {
            Metadata =
            {
                ["encoding"] = ByteString.CopyFromUtf8("json/plain"),
                ["type"] = ByteString.CopyFromUtf8(nameof(IndexedValueType.KeywordList)),
            },
            Data = ByteString.CopyFrom(JsonSerializer.SerializeToUtf8Bytes(problems)),
        };
        if (shown.Equals(SearchAttributes.GetValueOrDefault(ProblemsAttribute)))
            return;
        SearchAttributes[ProblemsAttribute] = shown;
        _visibilityChanged = true;
    }

    public void NoteTaskCompleted()
    {
        _failuresInARow = 0;
        if (SearchAttributes.Remove(ProblemsAttribute))
            _visibilityChanged = true;
    }
}
