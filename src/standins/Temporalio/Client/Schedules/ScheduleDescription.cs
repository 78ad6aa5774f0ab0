using Temporalio.Api.WorkflowService.V1;
using Temporalio.Common;
using Temporalio.Converters;

namespace Temporalio.Client.Schedules;

/// <summary>A schedule as the server has it.</summary>
public class ScheduleDescription
{
    readonly Lazy<IReadOnlyDictionary<string, IEncodedRawValue>> _memo;
    readonly Lazy<SearchAttributeCollection> _searchAttributes;

    protected internal ScheduleDescription(
        string id, Schedule schedule, DescribeScheduleResponse rawDescription, DataConverter dataConverter)
    {
        Id = id;
        Schedule = schedule;
        RawDescription = rawDescription;
        Info = ScheduleInfo.FromProto(rawDescription.Info ?? new());
        _memo = new(() => MemoValues.Read(rawDescription.Memo, dataConverter));
        _searchAttributes = new(() => rawDescription.SearchAttributes is { } attributes
            ? SearchAttributeCollection.FromProto(attributes)
            : SearchAttributeCollection.Empty);
    }

    public string Id { get; }

    public Schedule Schedule { get; }

    public ScheduleInfo Info { get; }

    public IReadOnlyDictionary<string, IEncodedRawValue> Memo => _memo.Value;

    public SearchAttributeCollection TypedSearchAttributes => _searchAttributes.Value;

    internal DescribeScheduleResponse RawDescription { get; }
}
