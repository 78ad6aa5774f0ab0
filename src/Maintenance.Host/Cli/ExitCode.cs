namespace Maintenance.Host.Cli;

/// <summary>What the program's exit code says; docs/reference/cli.md has the same table.</summary>
static class ExitCode
{
    public const int Ok = 0;

    /// <summary>It was done and ended badly: the run failed, the expression is no schedule.</summary>
    public const int Failed = 1;

    /// <summary>There are changes that were not applied.</summary>
    public const int Changes = 2;

    /// <summary>No such run, job or schedule.</summary>
    public const int NotFound = 3;

    /// <summary>The command line is wrong.</summary>
    public const int Usage = 64;

    /// <summary>schedules.json or a job has problems; nothing was changed.</summary>
    public const int BadFiles = 65;

    /// <summary>A server or database that is needed does not answer.</summary>
    public const int Unavailable = 69;

    /// <summary>A fault of this program.</summary>
    public const int Internal = 70;

    /// <summary>The data folder cannot be used.</summary>
    public const int CannotCreate = 73;

    /// <summary>Somebody else has it: the data folder, the port.</summary>
    public const int Busy = 75;

    /// <summary>A setting is wrong.</summary>
    public const int BadSettings = 78;

    /// <summary>Stopped by Ctrl-C or SIGTERM before it was done.</summary>
    public const int Interrupted = 130;
}
