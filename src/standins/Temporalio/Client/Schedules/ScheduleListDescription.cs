using Temporalio.Api.Schedule.V1;
using Temporalio.Common;
using Temporalio.Converters;

namespace Temporalio.Client.Schedules;

/// <summary>A schedule as lists show it; may be a moment old.</summary>
public class ScheduleListDescription
{
    readonly Lazy<IReadOnlyDictionary<string, IEncodedRawValue>> _memo;
    readonly Lazy<SearchAttributeCollection> _searchAttributes;

    protected internal ScheduleListDescription(ScheduleListEntry rawEntry, DataConverter dataConverter)
    {
        Id = rawEntry.ScheduleId;
        Schedule = rawEntry.Info is { } described ? ScheduleListSchedule.FromProto(described) : null;
        Info = rawEntry.Info is { } info ? ScheduleListInfo.FromProto(info) : null;
        _memo = new(() => MemoValues.Read(rawEntry.Memo, dataConverter));
        _searchAttributes = new(() => rawEntry.SearchAttributes is { } attributes
            ? SearchAttributeCollection.FromProto(attributes)
            : SearchAttributeCollection.Empty);
    }

    public string Id { get; }

    /// <summary>Null when the list has no details yet.</summary>
    public ScheduleListSchedule? Schedule { get; }

    /// <summary>Null when the list has no details yet.</summary>
    public ScheduleListInfo? Info { get; }

    public IReadOnlyDictionary<string, IEncodedRawValue> Memo => _memo.Value;

    public SearchAttributeCollection TypedSearchAttributes => _searchAttributes.Value;
}
