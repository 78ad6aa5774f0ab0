using Temporalio.Converters;

namespace Temporalio.Client.Schedules;

/// <summary>What a schedule does. There is one kind: <see cref="ScheduleActionStartWorkflow"/>.</summary>
public abstract record ScheduleAction
{
    protected ScheduleAction()
    {
    }

    internal static ScheduleAction FromProto(Api.Schedule.V1.ScheduleAction? proto, DataConverter converter, string ns) =>
        proto?.StartWorkflow is { } start
            ? ScheduleActionStartWorkflow.FromProto(start, converter, ns)
            : throw new InvalidOperationException("The schedule's action is of a kind that this client does not know.");

    internal abstract Task<Api.Schedule.V1.ScheduleAction> ToProtoAsync(DataConverter converter, string ns);
}
