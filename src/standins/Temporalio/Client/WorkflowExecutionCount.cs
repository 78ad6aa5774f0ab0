using Temporalio.Api.WorkflowService.V1;
using Temporalio.Converters;

namespace Temporalio.Client;

/// <summary>How many workflows match a query.</summary>
public class WorkflowExecutionCount
{
    protected internal WorkflowExecutionCount(CountWorkflowExecutionsResponse raw)
    {
        Count = raw.Count;
        Groups = [.. raw.Groups.Select(group => new AggregationGroup(group))];
    }

    /// <summary>All together; approximate on large servers.</summary>
    public long Count { get; }

    /// <summary>One per group of a <c>GROUP BY</c>; else empty.</summary>
    public IReadOnlyCollection<AggregationGroup> Groups { get; }

    /// <summary>How many are in one group.</summary>
    public class AggregationGroup
    {
        protected internal AggregationGroup(CountWorkflowExecutionsResponse.Types.AggregationGroup raw)
        {
            Count = raw.Count;
            GroupValues =
            [
                .. raw.GroupValues.Select(value =>
                    Common.SearchAttributePayload.Read("group", value)?.Value
                    ?? DataConverter.Default.PayloadConverter.ToValue<object>(value)),
            ];
        }

        public long Count { get; }

        /// <summary>The values that make the group.</summary>
        public IReadOnlyCollection<object> GroupValues { get; }
    }
}
