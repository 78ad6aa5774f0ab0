using Maintenance.Host.Cli;
using Maintenance.Host.Reconcile;
using Maintenance.Host.Settings;
using Maintenance.Jobs;
using Maintenance.Jobs.Runs;
using Maintenance.Records;
using Maintenance.Records.Reports;
using Maintenance.Schedules;
using Microsoft.Extensions.Logging;
using Temporalio.Client;
using Temporalio.Exceptions;

namespace Maintenance.Host.Runtime;

/// <summary>
/// A worker host: the records, the workers, the schedules and the reports of one installation, against whatever Temporal server is at the
/// address. Parts start in the order in which they need each other and stop in reverse.
/// </summary>
sealed class Runner(HostSettings settings, StateFolder state, string temporalAddress, ILoggerFactory logging) : IAsyncDisposable
{
    /// <summary>How long a start waits for the records before it goes on without them.</summary>
    static readonly TimeSpan RecordsGrace = TimeSpan.FromSeconds(10);

    readonly TimeProvider _time = TimeProvider.System;
    readonly List<Task> _parts = [];
    readonly CancellationTokenSource _stop = new();
    JobsRuntime? _jobs;
    Reporting? _reports;
    WorkerHost? _workers;
    RecordsConnection? _records;
    ScheduleFiles? _files;

    public string Records => _records!.Store.Description;

    /// <summary>
    /// What the files say and was applied; null when they have problems, which are in the second part, or when the records did not answer yet.
    /// </summary>
    public (ReconcilePlan? Plan, IReadOnlyList<Problem> Problems) FirstApply { get; private set; } = (null, []);

    /// <summary>What the program should end with.</summary>
    public int ExitCode => _files?.ExitCode ?? Cli.ExitCode.Ok;

    /// <summary>Returns when runs can start: the workers poll, and the schedules are applied or their problems known.</summary>
    public async Task StartAsync(CancellationToken stop)
    {
        _records = new RecordsConnection(OpenStore(), _time, logging.CreateLogger<RecordsConnection>());
        var prepare = _records.PrepareAsync(_stop.Token);
        var client = await ServerConnection.OpenAsync(
            settings, temporalAddress, $"{Environment.MachineName}/{state.HostId}", logging, stop);

        _reports = new Reporting(ReportOptions(), _records.Store, _time, logging);
        _jobs = new JobsRuntime(Options(_reports.Messages), client, _records.Store, _time, logging);
        _workers = new WorkerHost(_jobs, client, settings.Worker, logging);
        _parts.Add(_workers.RunAsync(_stop.Token));

        var files = _files = new ScheduleFiles(settings, client, _records, _time, logging.CreateLogger<ScheduleFiles>());
        if (await Task.WhenAny(prepare, Task.Delay(RecordsGrace, _time, stop)) == prepare)
        {
            await prepare;
            FirstApply = await files.TryApplyAsync(stop);
        }

        _parts.Add(prepare);
        _parts.Add(ReportAsync(_reports, _records, _stop.Token));
        _parts.Add(files.WatchAsync(_stop.Token));
        var steward = new Steward(
            StateFolder.InstallationOf(settings), $"{state.HostId}/{Environment.ProcessId}", client, _records, _reports.Messages, _time,
            logging.CreateLogger<Steward>());
        _parts.Add(steward.RunAsync(_stop.Token));
        var retention = new RetentionKeeper(
            settings.Records.ToPolicy(), StateFolder.InstallationOf(settings), $"{state.HostId}/{Environment.ProcessId}", _records, _time,
            logging.CreateLogger<RetentionKeeper>());
        _parts.Add(retention.RunAsync(_stop.Token));
    }

    /// <summary>Returns when <paramref name="stop"/> is signalled; throws when a part fails.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        var stopped = stop.UntilCancelledAsync();
        while (!stop.IsCancellationRequested)
        {
            // Parts may end well: the tables are there, there is nobody to report to. The others go on.
            var ended = await Task.WhenAny([.. _parts.Where(part => !part.IsCompletedSuccessfully), stopped]);
            if (!stop.IsCancellationRequested)
                await ended;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        foreach (var part in _parts)
        {
            try
            {
                await part;
            }
            catch (OperationCanceledException)
            {
                // That is how they end.
            }
        }

        _workers?.Dispose();
        _jobs?.Dispose();
        _reports?.Dispose();
        if (_records is not null)
            await _records.DisposeAsync();
        _stop.Dispose();
    }

    IRunStore OpenStore() =>
        RunStores.Open(
            settings.Records.Connection.Length > 0 ? settings.Records.Connection : StateFolder.RecordsFile(settings.DataDirectory));

    JobsOptions Options(RunReports reports) => new()
    {
        StateFolder = state.Path,
        HostId = state.HostId,
        Plugins = Plugins.Of(settings.Worker),
        Cgroup = settings.Worker.Cgroup,
        RunAs = settings.Worker.PermittedUsers(),
        MessagesOf = reports.Of,
        MessagesOfApproval = notice => reports.OfApproval(NewsOf(notice)),
    };

    static ApprovalNews NewsOf(ApprovalNotice notice) => new(notice.RunId, notice.WorkflowId, notice.Job, notice.Approval)
    {
        At = notice.At ?? notice.Approval.RequestedAt,
        Question = notice.Question,
        Reminder = notice.Kind == ApprovalNoticeKind.Reminder ? notice.Approval.Reminders : 0,
        Escalated = notice.Escalated,
        Requester = notice.Requester,
    };

    ReportOptions ReportOptions() => new()
    {
        SeqServerUrl = NullIfEmpty(settings.Seq.ServerUrl),
        SeqApiKey = NullIfEmpty(settings.Seq.ApiKey),
        WebhookUrl = NullIfEmpty(settings.Notifications.SlackWebhook),
        TemporalUi = NullIfEmpty(settings.Links.TemporalUi),
        Namespace = settings.Temporal.Namespace,
    };

    static async Task ReportAsync(Reporting reports, RecordsConnection records, CancellationToken stop)
    {
        await records.Ready.WaitAsync(stop);
        await reports.RunAsync(stop);
    }

    static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;
}
