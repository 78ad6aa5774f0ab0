using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Temporal.Engine.Stored;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Schedule.V1;

namespace Temporal.Engine.Schedules;

/// <summary>Makes schedule records: new ones, and those that were stored.</summary>
static class ScheduleRecords
{
    public static ScheduleRecord New(
        string namespaceId, string scheduleId, string requestId, Schedule schedule, Memo? memo, SearchAttributes? searchAttributes,
        DateTime now)
    {
        var definition = new ScheduleDefinitionRecord
        {
            NamespaceId = namespaceId,
            ScheduleId = scheduleId,
            CreateRequestId = requestId,
            Spec = schedule.Spec ?? new(),
            Action = schedule.Action ?? new(),
            Policies = ScheduleLimits.WithDefaults(schedule.Policies),
            Memo = memo,
            SearchAttributes = searchAttributes,
        };
        var created = Timestamp.FromDateTime(now);
        var progress = new ScheduleProgressRecord
        {
            State = schedule.State ?? new(),
            Info = new() { CreateTime = created },
            LastProcessedTime = created,
            ConflictToken = ScheduleRecord.FirstConflictToken,
        };
        return new(definition, progress);
    }

    public static (byte[] Definition, byte[] Progress) Serialize(ScheduleRecord record) =>
        (record.Definition.ToByteArray(), record.Progress.ToByteArray());

    public static ScheduleRecord Deserialize(byte[] definition, byte[] progress) =>
        new(ScheduleDefinitionRecord.Parser.ParseFrom(definition), ScheduleProgressRecord.Parser.ParseFrom(progress));
}
