using Temporalio.Common;

namespace Maintenance.Jobs.Runs;

/// <summary>How often and how long our own activities are tried: never a matter of the job.</summary>
static class RunPolicies
{
    /// <summary>On top of a script's own limit and grace: collecting its output, and waiting for a server that is away.</summary>
    public static readonly TimeSpan ReportingAllowance = TimeSpan.FromMinutes(5);

    /// <summary>
    /// A step that the runner itself cannot bring to an end in this time beyond the script's own is given up as the runner's error.
    /// </summary>
    public static readonly TimeSpan InfrastructureAllowance = TimeSpan.FromHours(1);

    /// <summary>Asking a host which boot or process it is.</summary>
    public static readonly TimeSpan IdentityTimeLimit = TimeSpan.FromMinutes(5);

    public static RetryPolicy Infrastructure => new()
    {
        InitialInterval = TimeSpan.FromMilliseconds(100),
        BackoffCoefficient = 2,
        MaximumInterval = TimeSpan.FromSeconds(10),
    };

    public static RetryPolicy UntilTheStoreIsBack => new()
    {
        InitialInterval = TimeSpan.FromSeconds(5),
        BackoffCoefficient = 2,
        MaximumInterval = TimeSpan.FromMinutes(1),
    };
}
