using System.Buffers.Binary;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Schedule.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Temporal.Engine.Schedules;

/// <summary>What clients get to see of a schedule.</summary>
static class ScheduleAnswers
{
    public static ByteString Token(long token)
    {
        var bytes = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(bytes, token);
        return UnsafeByteOperations.UnsafeWrap(bytes);
    }

    /// <summary>Zero, which matches all, when it is too short.</summary>
    public static long ReadToken(ByteString token) => token.Length < sizeof(long) ? 0 : BinaryPrimitives.ReadInt64BigEndian(token.Span);

    public static DescribeScheduleResponse Describe(ScheduleView view, NamespaceEntry ns, DateTime now)
    {
        var record = view.Record;
        var action = record.Definition.Action.Clone();
        if (action.StartWorkflow is { } start)
            start.SearchAttributes = SearchAttributeRules.Typed(ns, start.SearchAttributes);
        var info = record.Info.Clone();
        info.FutureActionTimes.AddRange(view.FutureTimes(ScheduleLimits.FutureActions, now).Select(Timestamp.FromDateTime));
        info.BufferSize = record.Progress.BufferedStarts.Count;
        return new()
        {
            Schedule = new() { Spec = view.SpecForClients, Action = action, Policies = record.Policies, State = record.State },
            Info = info,
            Memo = record.Definition.Memo is { Fields.Count: > 0 } memo ? memo : null,
            SearchAttributes = Attributes(record, ns),
            ConflictToken = Token(record.Progress.ConflictToken),
        };
    }

    public static ScheduleListEntry ListEntry(ScheduleView view, NamespaceEntry ns, DateTime now)
    {
        var record = view.Record;
        var info = new ScheduleListInfo
        {
            Spec = Shortened(view.SpecForClients),
            WorkflowType = record.Definition.Action.StartWorkflow?.WorkflowType,
            Notes = record.State.Notes,
            Paused = record.State.Paused,
        };
        info.RecentActions.AddRange(record.Info.RecentActions.TakeLast(ScheduleLimits.ActionsInLists));
        info.FutureActionTimes.AddRange(view.FutureTimes(ScheduleLimits.ActionsInLists, now).Select(Timestamp.FromDateTime));
        return new()
        {
            ScheduleId = record.Id,
            Memo = record.Definition.Memo ?? new Memo(),
            SearchAttributes = Attributes(record, ns),
            Info = info,
        };
    }

    static SearchAttributes? Attributes(ScheduleRecord record, NamespaceEntry ns) =>
        record.Definition.SearchAttributes is { IndexedFields.Count: > 0 } attributes ? SearchAttributeRules.Typed(ns, attributes) : null;

    static ScheduleSpec Shortened(ScheduleSpec spec)
    {
        spec.TimezoneData = ByteString.Empty;
        Shorten(spec.StructuredCalendar);
        Shorten(spec.ExcludeStructuredCalendar);
        Shorten(spec.Interval);
        return spec;
    }

    static void Shorten<T>(Google.Protobuf.Collections.RepeatedField<T> entries)
    {
        while (entries.Count > ScheduleLimits.SpecEntriesInLists)
            entries.RemoveAt(entries.Count - 1);
    }
}
