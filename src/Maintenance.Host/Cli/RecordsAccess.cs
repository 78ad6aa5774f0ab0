using Maintenance.Host.Runtime;
using Maintenance.Host.Settings;
using Maintenance.Records;

namespace Maintenance.Host.Cli;

/// <summary>The way of the commands to the records.</summary>
static class RecordsAccess
{
    /// <exception cref="CommandFailure">There are no records, or their database does not answer.</exception>
    public static async Task<IRunStore> OpenAsync(HostSettings settings, CancellationToken cancellationToken)
    {
        var file = StateFolder.RecordsFile(settings.DataDirectory);
        if (settings.Records.Connection.Length == 0 && !File.Exists(file))
        {
            throw new CommandFailure(
                ExitCode.NotFound,
                $"there are no records in {settings.DataDirectory}; `maintenance up` makes them, `--data DIR` names another folder.");
        }

        var store = RunStores.Open(settings.Records.Connection.Length > 0 ? settings.Records.Connection : file);
        try
        {
            await store.PingAsync(cancellationToken);
            return store;
        }
        catch (RunStoreUnavailableException ex)
        {
            await store.DisposeAsync();
            throw new CommandFailure(ExitCode.Unavailable, ex.Message);
        }
    }

    /// <summary>The records for a command that may have to make them: a file that was lost or moved away is made anew.</summary>
    /// <exception cref="CommandFailure">The database does not answer, or is of another version.</exception>
    public static async Task<IRunStore> OpenToWriteAsync(HostSettings settings, CancellationToken cancellationToken)
    {
        var connection = settings.Records.Connection;
        var store = RunStores.Open(connection.Length > 0 ? connection : StateFolder.RecordsFile(settings.DataDirectory));
        try
        {
            await store.MigrateAsync(cancellationToken);
            return store;
        }
        catch (Exception ex) when (ex is RunStoreUnavailableException or RunStoreMigrationException or InvalidDataException)
        {
            await store.DisposeAsync();
            throw new CommandFailure(ExitCode.Unavailable, ex.Message);
        }
    }

    /// <summary>The run that a person named by id, by the beginning of its id, or by workflow id.</summary>
    public static async Task<RunRecord> FindAsync(IRunStore store, string name, CancellationToken cancellationToken)
    {
        var found = await store.FindRunAsync(name, cancellationToken);
        if (found.Run is { } run)
            return run;

        throw new CommandFailure(
            ExitCode.NotFound,
            found.Candidates.Count > 0
                ? $"'{name}' is the beginning of {found.Candidates.Count} runs: {string.Join(", ", found.Candidates)}; write more of it."
                : $"there is no record of a run '{name}'; `maintenance runs` lists them.");
    }
}
