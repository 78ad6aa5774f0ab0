using Microsoft.Extensions.Options;

namespace Temporalio.Extensions.Hosting;

/// <summary>Says that a worker must be registered only once.</summary>
sealed record SingleWorkerMark(string Name);

/// <summary>Refuses the options of a worker that was registered more than once.</summary>
sealed class SingleWorkerValidator(IEnumerable<SingleWorkerMark> marks) : IValidateOptions<TemporalWorkerServiceOptions>
{
    public ValidateOptionsResult Validate(string? name, TemporalWorkerServiceOptions options) =>
        marks.Count(mark => mark.Name == name) > 1
            ? ValidateOptionsResult.Fail(
                $"The worker of task queue '{options.TaskQueue}' is registered twice; register it once, or give each a version of its own.")
            : ValidateOptionsResult.Success;
}
