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
    public static async Task<FilesOnServer?> OpenAsync(HostSettings settings, Terminal terminal, CancellationToken cancellationToken)
    {
        var now = TimeProvider.System.GetUtcNow();
        var desired = DesiredState.Load(settings, now);
        if (!desired.Ok)
        {
            BadFiles.Say(desired.Problems, terminal);
            return null;
        }

        var store = await RecordsAccess.OpenAsync(settings, cancellationToken);
        var client = await TemporalAccess.ConnectAsync(settings);
        var options = await ScheduleFiles.OptionsAsync(settings, cancellationToken);
        return new FilesOnServer(desired.Value, store, new Reconciler(client, store, options, TimeProvider.System), options, now);
    }

    public ValueTask DisposeAsync() => Store.DisposeAsync();
}
