using Maintenance.Host.Reconcile;
using Maintenance.Host.Runtime;
using Maintenance.Host.Settings;
using Maintenance.Records;

namespace Maintenance.Host.Cli;

/// <summary>What <c>plan</c> and <c>apply</c> work with: the files, read, and the way to server and records.</summary>
sealed class FilesOnServer : IAsyncDisposable
{
    FilesOnServer(DesiredState desired, IRunStore store, Reconciler reconciler, ReconcilerOptions options, DateTimeOffset now) =>
        (Desired, Store, Reconciler, Options, Now) = (desired, store, reconciler, options, now);

    public DesiredState Desired { get; }

    public IRunStore Store { get; }

    public Reconciler Reconciler { get; }

    public ReconcilerOptions Options { get; }

    public DateTimeOffset Now { get; }

    /// <summary>Null when the files have problems, which are then said.</summary>
    /// <param name="adopt">Schedules of the files that may be taken from whoever has them on the server.</param>
    public static async Task<FilesOnServer?> OpenAsync(
        HostSettings settings, IReadOnlyList<string> adopt, Terminal terminal, CancellationToken cancellationToken)
    {
        var now = TimeProvider.System.GetUtcNow();
        var desired = DesiredState.Load(settings, now);
        if (!desired.Ok)
        {
            BadFiles.Say(desired.Problems, terminal);
            return null;
        }

        if (adopt.FirstOrDefault(id => desired.Value.Set.Find(id) is null) is { } unknown)
            throw new CommandFailure(
                ExitCode.NotFound,
                $"{settings.SchedulesFile} has no schedule '{unknown}' that could take over; `maintenance export --write {unknown}` writes "
                    + "it.");
        var store = await RecordsAccess.OpenAsync(settings, cancellationToken);
        var client = await TemporalAccess.ConnectAsync(settings);
        var options = (await ScheduleFiles.OptionsAsync(settings, cancellationToken)) with { Adopt = adopt };
        return new FilesOnServer(desired.Value, store, new Reconciler(client, store, options, TimeProvider.System), options, now);
    }

    public ValueTask DisposeAsync() => Store.DisposeAsync();
}
