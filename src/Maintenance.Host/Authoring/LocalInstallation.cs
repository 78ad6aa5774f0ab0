using System.Text.Json;
using System.Text.Json.Nodes;
using Maintenance.Host.Cli;
using Maintenance.Host.Runtime;
using Maintenance.Host.Settings;
using Maintenance.Jobs;
using Maintenance.Jobs.Bundles;
using Maintenance.Jobs.Definition;
using Maintenance.Jobs.Runs;
using Maintenance.Records;
using Microsoft.Extensions.Logging;
using Temporal.Engine;
using Temporalio.Client;
using Temporalio.Exceptions;

namespace Maintenance.Host.Authoring;

/// <summary>
/// A whole installation for one author at one terminal: engine, records and worker in this process, state in a folder that goes with it.
/// A job runs here by the same code as on call, so that what is seen here is what will happen there.
/// </summary>
sealed class LocalInstallation : IAsyncDisposable
{
    static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(50);

    readonly string _folder = Directory.CreateTempSubdirectory("maintenance-job-").FullName;
    readonly SkippingTime _time = new();
    readonly HashSet<(string Run, DateTimeOffset AskedAt)> _answered = [];
    readonly CancellationTokenSource _stop = new();
    readonly ILoggerFactory _logging;
    TemporalEngine? _engine;
    TemporalClient? _client;
    IRunStore? _store;
    JobsRuntime? _jobs;
    WorkerHost? _workers;
    Task _working = Task.CompletedTask;

    LocalInstallation(ILoggerFactory logging) => _logging = logging;

    /// <param name="commands">A folder that scripts find before all others on their PATH; null: none.</param>
    public static async Task<LocalInstallation> StartAsync(string? commands, ILoggerFactory logging, CancellationToken stop)
    {
        var installation = new LocalInstallation(logging);
        try
        {
            await installation.OpenAsync(commands, stop);
            return installation;
        }
        catch
        {
            await installation.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs the first of the jobs to its end; the others are there for its steps to run.</summary>
    /// <param name="jobs">At least one.</param>
    /// <param name="input">That of the first.</param>
    /// <param name="answer">What a person says when the run asks for an approval; null leaves it waiting.</param>
    /// <param name="skipWaits">Pauses between tries and <c>wait</c> steps end at once.</param>
    public async Task<RunRecord> RunAsync(
        IReadOnlyList<JobSource> jobs, JsonObject input, Func<WaitView, ApprovalDecision?> answer, bool skipWaits, CancellationToken stop)
    {
        var name = jobs[0].Definition.Name;
        foreach (var job in jobs)
            await PublishAsync(job, stop);
        var handle = await _client!.StartWorkflowAsync(
            name, [JsonSerializer.SerializeToElement(input)],
            new(ManualStart.NewWorkflowId(name), TaskQueues.Control) { Memo = ManualStart.Memo("author") });
        using var look = new PeriodicTimer(LookEvery);
        while (await look.WaitForNextTickAsync(stop))
        {
            if ((await _store!.FindRunAsync(handle.Id, stop)).Run is { Status: not RunStatus.Running } ended)
                return ended;
            await AttendAsync(answer, skipWaits, stop);
        }

        throw new OperationCanceledException(stop);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _working;
        _workers?.Dispose();
        _jobs?.Dispose();
        if (_store is not null)
            await _store.DisposeAsync();
        if (_engine is not null)
            await _engine.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
        _stop.Dispose();
    }

    async Task OpenAsync(string? commands, CancellationToken stop)
    {
        _engine = await TemporalEngine.StartAsync(
            new() { DataDirectory = Path.Combine(_folder, "engine"), Listen = null, TimeProvider = _time, LoggerFactory = _logging }, stop);
        _client = await TemporalClient.ConnectAsync(new(_engine.Address) { LoggerFactory = _logging });
        _store = RunStores.Open(StateFolder.RecordsFile(_folder));
        await _store.MigrateAsync(stop);
        _jobs = new JobsRuntime(
            new JobsOptions { StateFolder = _folder, HostId = "local", CommandsFolder = commands, AnybodyAnswers = true }, _client, _store,
            _time, _logging);
        _workers = new WorkerHost(_jobs, _client, new WorkerSettings(), _logging);
        _working = _workers.RunAsync(_stop.Token);
    }

    async Task PublishAsync(JobSource job, CancellationToken stop)
    {
        var bundle = JobBundle.Pack(job);
        var now = _time.GetUtcNow();
        await _store!.PutBundleAsync(bundle.ToRecord(job.Definition.Name, gitCommit: null, now), stop);
        await _store.SetCurrentBundleAsync(new() { Job = job.Definition.Name, Hash = bundle.Hash, SetAt = now }, stop);
    }

    /// <summary>Answers what the open runs ask, and when all that is left are pauses, ends the shortest.</summary>
    async Task AttendAsync(Func<WaitView, ApprovalDecision?> answer, bool skipWaits, CancellationToken stop)
    {
        var waits = new List<WaitView>();
        foreach (var run in (await _store!.ListRunsAsync(new() { Status = RunStatus.Running }, stop)).Runs)
        {
            var handle = _client!.GetWorkflowHandle(run.WorkflowId);
            if (await StatusAsync(handle) is not { WaitingFor: { } first } status)
                continue;
            waits.AddRange(status.Waits.Prepend(first));
            // An answer takes a moment to count; asking the author, and answering, once is enough.
            if (first.Kind == "approval" && status.Question is { } question && !_answered.Contains((handle.Id, question.AskedAt))
                && await TryAnswerAsync(handle, first, answer))
                _answered.Add((handle.Id, question.AskedAt));
        }

        // While anything works, time is left as it is: what works could be taken for lost.
        if (skipWaits && waits.TrueForAll(wait => wait.Kind is "retry" or "wait" or "targets" or "job"))
        {
            if (waits.Where(wait => wait.Kind is "retry" or "wait").Min(wait => wait.Until) is { } until)
                _time.SkipTo(until);
        }
    }

    /// <summary>False when nobody wants to answer yet.</summary>
    static async Task<bool> TryAnswerAsync(WorkflowHandle handle, WaitView wait, Func<WaitView, ApprovalDecision?> answer)
    {
        if (answer(wait) is not { } decision)
            return false;
        try
        {
            var word = decision == ApprovalDecision.Approved ? "approve" : "reject";
            await handle.SignalAsync(word, [new ApprovalAnswer { By = "reviewer", Reason = "answered by the author", Step = wait.Step }]);
        }
        catch (RpcException ex) when (ex.Code == RpcException.StatusCode.NotFound)
        {
            // The run ended between the question and the answer: its record says how.
        }

        return true;
    }

    /// <summary>Null while the run cannot tell: before its first task, and after its end.</summary>
    static async Task<RunStatusView?> StatusAsync(WorkflowHandle handle)
    {
        try
        {
            return await handle.QueryAsync<RunStatusView>("status", []);
        }
        catch (Exception ex) when (ex is RpcException or WorkflowQueryFailedException or WorkflowQueryRejectedException)
        {
            return null;
        }
    }
}
