using System.Text.Json;
using Google.Protobuf;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.History.V1;

namespace Temporal.Engine;

/// <summary>Which builds of workers have worked on the run: shown as a search attribute, and part of no event.</summary>
sealed partial class WorkflowRun
{
    const string BuildIdsAttribute = "BuildIds";
    const string Unversioned = "unversioned";

    readonly List<string> _buildIds = [];

    void NoteBuildId(WorkflowTaskCompletedEventAttributes completed)
    {
        NoteBuildId(Unversioned);
#pragma warning disable CS0612 // Deprecated, and what workers without versioning still send.
        if (completed.WorkerVersion is { UseVersioning: false, BuildId.Length: > 0 } worker)
            NoteBuildId($"{Unversioned}:{worker.BuildId}");
#pragma warning restore CS0612
    }

    void NoteBuildId(string id)
    {
        if (_buildIds.Contains(id))
            return;
        _buildIds.Add(id);
        _visibilityChanged = true;
    }

    /// <summary>The search attributes as descriptions and lists show them.</summary>
    public SearchAttributes ShownSearchAttributes()
    {
        var shown = new SearchAttributes { IndexedFields = { SearchAttributes } };
        if (_buildIds.Count > 0)
        {
            shown.IndexedFields[BuildIdsAttribute] = new Payload
            {
                Metadata =
                {
                    ["encoding"] = ByteString.CopyFromUtf8("json/plain"),
                    ["type"] = ByteString.CopyFromUtf8(nameof(IndexedValueType.KeywordList)),
                },
                Data = ByteString.CopyFrom(JsonSerializer.SerializeToUtf8Bytes(_buildIds)),
            };
        }

        return shown;
    }
}
