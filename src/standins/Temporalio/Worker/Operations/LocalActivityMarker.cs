using System.Text.Json;
using System.Text.Json.Serialization;
using Google.Protobuf.WellKnownTypes;
using Temporalio.Api.Command.V1;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.Failure.V1;
using Temporalio.Api.History.V1;
using Temporalio.Converters;

namespace Temporalio.Worker.Operations;

/// <summary>The marker that keeps the result of a local activity, in the form the official SDKs share.</summary>
sealed record LocalActivityMarker(LocalActivityMarker.MarkerData Data, Payload? Result, Failure? Failure)
{
    const string Name = "core_local_activity";
    const string DataKey = "data";
    const string ResultKey = "result";

    public static LocalActivityMarker? Read(HistoryEvent e)
    {
        if (e.EventType != EventType.MarkerRecorded || e.MarkerRecordedEventAttributes.MarkerName != Name)
            return null;

        var marker = e.MarkerRecordedEventAttributes;
        var data = JsonSerializer.Deserialize<MarkerData>(marker.Details[DataKey].Payloads_[0].Data.Span)!;
        return new(data, marker.Details.TryGetValue(ResultKey, out var result) ? result.Payloads_.FirstOrDefault() : null, marker.Failure);
    }

    public Command ToCommand()
    {
        var marker = new RecordMarkerCommandAttributes { MarkerName = Name, Failure = Failure };
        marker.Details.Add(DataKey, One(DataConverter.Default.PayloadConverter.ToPayload(Data)));
        if (Failure is null)
            marker.Details.Add(ResultKey, Result is null ? new Payloads() : One(Result));
        return new() { CommandType = CommandType.RecordMarker, RecordMarkerCommandAttributes = marker };
    }

    static Payloads One(Payload payload) => new() { Payloads_ = { payload } };

    /// <summary>What is in the marker besides result and failure.</summary>
    public sealed record MarkerData(
        [property: JsonPropertyName("seq")] int Sequence,
        [property: JsonPropertyName("attempt")] int Attempt,
        [property: JsonPropertyName("activity_id")] string ActivityId,
        [property: JsonPropertyName("activity_type")] string ActivityType,
        [property: JsonPropertyName("complete_time")] Moment? CompleteTime,
        [property: JsonPropertyName("backoff")] Moment? Backoff,
        [property: JsonPropertyName("original_schedule_time")] Moment? OriginalScheduleTime);

    /// <summary>A time since 1970 or a length of time.</summary>
    public sealed record Moment([property: JsonPropertyName("seconds")] long Seconds, [property: JsonPropertyName("nanos")] int Nanos)
    {
        public static Moment Of(TimeSpan span)
        {
            var duration = Duration.FromTimeSpan(span);
            return new(duration.Seconds, duration.Nanos);
        }

        public static Moment Of(DateTime utc) => Of(utc - DateTime.UnixEpoch);

        public TimeSpan ToTimeSpan() => new Duration { Seconds = Seconds, Nanos = Nanos }.ToTimeSpan();

        public DateTime ToDateTime() => DateTime.UnixEpoch + ToTimeSpan();
    }
}
