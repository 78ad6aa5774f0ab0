using Temporalio.Exceptions;

namespace Temporalio.Client.Schedules;

/// <summary>A schedule known by its id. Making one makes no call.</summary>
public record ScheduleHandle(ITemporalClient Client, string Id)
{
    /// <summary>Runs the due times of past stretches of time.</summary>
    public virtual Task BackfillAsync(IReadOnlyCollection<ScheduleBackfill> backfills, RpcOptions? rpcOptions = null)
    {
        if (backfills.Count == 0)
            throw new ArgumentException("There is no backfill; give at least one.", nameof(backfills));

        return Client.OutboundInterceptor.BackfillScheduleAsync(new(Id, backfills, rpcOptions));
    }

    /// <summary>Deletes the schedule; runs that are going go on.</summary>
    public virtual Task DeleteAsync(RpcOptions? rpcOptions = null) =>
        Client.OutboundInterceptor.DeleteScheduleAsync(new(Id, rpcOptions));

    /// <exception cref="RpcException">Not found: there is no such schedule.</exception>
    public virtual Task<ScheduleDescription> DescribeAsync(RpcOptions? rpcOptions = null) =>
        Client.OutboundInterceptor.DescribeScheduleAsync(new(Id, rpcOptions));

    /// <param name="note">Replaces the schedule's note; null: a text that says who paused it.</param>
    /// <param name="rpcOptions">Deadline and the like.</param>
    public virtual Task PauseAsync(string? note = null, RpcOptions? rpcOptions = null) =>
        Client.OutboundInterceptor.PauseScheduleAsync(new(Id, note, rpcOptions));

    /// <param name="note">Replaces the schedule's note; null: a text that says who unpaused it.</param>
    /// <param name="rpcOptions">Deadline and the like.</param>
    public virtual Task UnpauseAsync(string? note = null, RpcOptions? rpcOptions = null) =>
        Client.OutboundInterceptor.UnpauseScheduleAsync(new(Id, note, rpcOptions));

    /// <summary>Takes the action now.</summary>
    public virtual Task TriggerAsync(ScheduleTriggerOptions? options = null) =>
        Client.OutboundInterceptor.TriggerScheduleAsync(new(Id, options));

    /// <summary>Describes the schedule, lets <paramref name="updater"/> change it, and stores the result. The last writer wins.</summary>
    /// <param name="updater">Gives the new schedule; null leaves it as it is.</param>
    /// <param name="rpcOptions">Deadline and the like.</param>
    public Task UpdateAsync(Func<ScheduleUpdateInput, ScheduleUpdate?> updater, RpcOptions? rpcOptions = null) =>
        UpdateAsync(input => Task.FromResult(updater(input)), rpcOptions);

    /// <inheritdoc cref="UpdateAsync(Func{ScheduleUpdateInput, ScheduleUpdate?}, RpcOptions?)"/>
    public virtual Task UpdateAsync(
        Func<ScheduleUpdateInput, Task<ScheduleUpdate?>> updater, RpcOptions? rpcOptions = null) =>
        Client.OutboundInterceptor.UpdateScheduleAsync(new(Id, updater, rpcOptions));
}
