using System.Text.Json;
using Google.Protobuf;
using Temporalio.Api.Command.V1;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.History.V1;
using Temporalio.Converters;

namespace Temporalio.Worker.Operations;

/// <summary>The marker that says that a run has a patch, in the form the official SDKs share.</summary>
/// <param name="Id">The patch.</param>
/// <param name="Deprecated">Whether the code may drop it.</param>
sealed record PatchMarker(string Id, bool Deprecated)
{
    /// <summary>The search attribute that lists the patches of a run.</summary>
    public const string ChangeVersion = "TemporalChangeVersion";

    const string Name = "core_patch";
    const string DataKey = "patch-data";

    public static PatchMarker? Read(HistoryEvent e)
    {
        if (e.EventType != EventType.MarkerRecorded || e.MarkerRecordedEventAttributes.MarkerName != Name)
            return null;

        var details = e.MarkerRecordedEventAttributes.Details;
        if (details.TryGetValue(DataKey, out var data))
        {
            using var json = JsonDocument.Parse(data.Payloads_[0].Data.Memory);
            return new(
                json.RootElement.GetProperty("id").GetString()!,
                json.RootElement.TryGetProperty("deprecated", out var deprecated) && deprecated.GetBoolean());
        }

        // Form of early SDK versions.
        return details.TryGetValue("patch_id", out var id)
            ? new(
                JsonSerializer.Deserialize<string>(id.Payloads_[0].Data.Span)!,
                details.TryGetValue("deprecated", out var old) && old.Payloads_[0].Data.ToStringUtf8() == "true")
            : null;
    }

    public static bool IsChangeVersionUpsert(HistoryEvent e) =>
        e.EventType == EventType.UpsertWorkflowSearchAttributes
        && e.UpsertWorkflowSearchAttributesEventAttributes.SearchAttributes.IndexedFields.ContainsKey(ChangeVersion);

    public Command ToCommand()
    {
        var data =
            DataConverter.Default.PayloadConverter.ToPayload(new Dictionary<string, object> { ["id"] = Id, ["deprecated"] = Deprecated });
        return new()
        {
            CommandType = CommandType.RecordMarker,
            RecordMarkerCommandAttributes = new() { MarkerName = Name, Details = { [DataKey] = new Payloads { Payloads_ = { data } } } },
        };
    }
}
