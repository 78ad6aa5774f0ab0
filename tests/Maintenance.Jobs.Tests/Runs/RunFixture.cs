using System.Collections.Concurrent;
using Maintenance.Jobs.Approvals;
using Maintenance.Jobs.Bundles;
using Maintenance.Jobs.Definition;
using Maintenance.Jobs.Runs;
using Maintenance.Jobs.Restarts;
using Maintenance.Records;
using Microsoft.Extensions.Logging.Abstractions;
using Temporal.Engine;
using Temporalio.Activities;
using Temporalio.Client;
using Temporalio.Worker;

namespace Maintenance.Jobs.Tests.Runs;

/// <summary>The real thing in one process: engine, store, control worker and host worker on a state folder that outlives them.</summary>
public sealed class RunFixture : IAsyncLifetime
{
    readonly string _root = Directory.CreateTempSubdirectory("runs-").FullName;
    readonly ManualStore _manual = new();

    /// <summary>A run that is stuck fails its test, and does not keep all others waiting.</summary>
    public TimeSpan Longest { get; set; } = TimeSpan.FromMinutes(5);
    string _listen = "127.0.0.1:0";
    TemporalEngine? _engine;
    readonly Dictionary<string, WorkerHost> _agents = [];
    WorkerHost? _worker;

    public ITemporalClient Client { get; private set; } = null!;

    /// <summary>The clock of engine and workers.</summary>
    public ShiftedTime Time { get; } = new();

    /// <summary>The messages that questions sent out, in order.</summary>
    public ConcurrentQueue<ApprovalNotice> Notices { get; } = new();

    public IRunStore Store { get; private set; } = null!;

    public string Scratch(string name) => Path.Combine(_root, name);

    public async ValueTask InitializeAsync()
    {
        await File.WriteAllTextAsync(BootIdFile, "boot-1\n");
        await StartEngineAsync();
        Client = await TemporalClient.ConnectAsync(new TemporalClientConnectOptions(_listen));
        Store = RunStores.Open(Path.Combine(_root, "records.db"));
        await Store.MigrateAsync(CancellationToken.None);
        StartWorker();
    }

    public async Task StartEngineAsync()
    {
        _engine = await TemporalEngine.StartAsync(
            new EngineOptions { DataDirectory = Path.Combine(_root, "engine"), Listen = _listen, TimeProvider = Time }, CancellationToken.None);
        _listen = _engine.Address;
    }

    public async Task StopEngineAsync()
    {
        if (_engine is not null)
            await _engine.DisposeAsync();
        _engine = null;
    }

    /// <summary>Makes every write of a finished run fail, as while the database is away.</summary>
    public bool StoreIsAway
    {
        set => _manual.IsAway = value;
    }

    /// <summary>The tokens of the attempts on this host; another one means that an activity was handed out anew.</summary>
    public string TaskTokens() => string.Join(
        ' ',
        Directory.EnumerateFiles(Path.Combine(_root, "state", "attempts"), "token", SearchOption.AllDirectories).Select(f => Convert.ToHexString(File.ReadAllBytes(f))));

    /// <summary>A worker on the same state folder, as after a restart of the process.</summary>
    public void StartWorker() => _worker = new WorkerHost(this, _manual.Around(Store), Path.Combine(_root, "state"), bootIdFile: BootIdFile);

    /// <summary>Puts these people in force, as an apply does.</summary>
    public async Task PutPeopleAsync(string json)
    {
        Assert.Empty(PeopleReader.Read(json, People.FileName).Problems);
        Directory.CreateDirectory(Path.Combine(_root, "jobs"));
        await File.WriteAllTextAsync(Path.Combine(_root, "jobs", People.FileName), json);
        await Store.PutPeopleAsync(
            new() { Hash = PeopleRecord.HashOf(json), Content = json, AppliedAt = DateTimeOffset.UtcNow, AppliedBy = "a test" }, CancellationToken.None);
    }

    /// <summary>The inventory of the jobs that are published from here on.</summary>
    public Task WriteInventoryAsync(string json)
    {
        Directory.CreateDirectory(Path.Combine(_root, "jobs"));
        return File.WriteAllTextAsync(Path.Combine(_root, "jobs", Inventory.FileName), json);
    }

    /// <summary>A worker of another host: its queue and its folder, no store and no part in the workflows.</summary>
    public void StartAgent(string host) => _agents[host] = new WorkerHost(this, null, Path.Combine(_root, "agents", host), host);

    public async Task StopAgentAsync(string host)
    {
        if (_agents.Remove(host, out var agent))
            await agent.DisposeAsync();
    }

    /// <summary>Where the workers look for the boot id; a test writes another one into it.</summary>
    public string BootIdFile => Scratch("boot-id");

    public async Task StopWorkerAsync()
    {
        if (_worker is not null)
            await _worker.DisposeAsync();
        _worker = null;
    }

    public Task<WorkflowHandle> StartAsync(string job, string definition, params (string Name, string Script)[] scripts) =>
        StartAsync(job, null, definition, scripts);

    public async Task<WorkflowHandle> StartAsync(
        string job, object? input, string definition, params (string Name, string Script)[] scripts)
    {
        await PublishAsync(job, definition, scripts);
        return await StartPublishedAsync(job, input);
    }

    public Task<WorkflowHandle> StartPublishedAsync(string job, object? input, params (string Name, string Value)[] memo) =>
        Client.StartWorkflowAsync(
            job, input is null ? [] : [input],
            new WorkflowOptions($"{job}-{Guid.NewGuid():n}", TaskQueues.Control)
            {
                ExecutionTimeout = Longest,
                Memo = memo.ToDictionary(m => m.Name, m => (object)m.Value),
            });

    public async Task PublishAsync(string job, string definition, params (string Name, string Script)[] scripts)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_root, "jobs", job)).FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "job.json"), definition);
        foreach (var (name, script) in scripts)
        {
            var file = Path.Combine(folder, name);
            await File.WriteAllTextAsync(file, (name.EndsWith(".sh", StringComparison.Ordinal) ? "#!/bin/sh\n" : "") + script + "\n");
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        var read = JobFolder.Read(Path.Combine(_root, "jobs"), job);
        Assert.True(read.Ok, string.Join('\n', read.Problems));
        var bundle = JobBundle.Pack(read.Value);
        await Store.PutBundleAsync(bundle.ToRecord(job, "abc123", DateTimeOffset.UtcNow), CancellationToken.None);
        await Store.SetCurrentBundleAsync(
            new CurrentBundle { Job = job, Hash = bundle.Hash, SetAt = DateTimeOffset.UtcNow }, CancellationToken.None);
    }

    /// <summary>Makes the job's recorded steps have taken so long, as if they had.</summary>
    public async Task SetStepDurationAsync(string job, TimeSpan duration)
    {
        await using var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={Path.Combine(_root, "records.db")};Pooling=false");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "update step set finished_at = started_at + @duration where run_id in (select run_id from run where job = @job)";
        command.Parameters.AddWithValue("@duration", duration.Ticks / TimeSpan.TicksPerMicrosecond);
        command.Parameters.AddWithValue("@job", job);
        await command.ExecuteNonQueryAsync();
    }

    public async Task<RunRecord> RecordOf(WorkflowHandle handle)
    {
        await Eventually.IsTrue(() => handle.DescribeAsync().Result.CloseTime is not null, "the run to close");
        // On a slow machine the run may have handed its record over to a workflow of its own.
        await Eventually.IsTrue(() => Store.FindRunAsync(handle.Id, CancellationToken.None).Result.Run is { FinishedAt: not null }, "the record of the run");
        var lookup = await Store.FindRunAsync(handle.Id, CancellationToken.None);
        return lookup.Run ?? throw new InvalidOperationException($"No record of {handle.Id}.");
    }

    public async ValueTask DisposeAsync()
    {
        await StopWorkerAsync();
        await Task.WhenAll(_agents.Keys.ToList().Select(StopAgentAsync));
        // What did not start cannot be ended; the failure to start is what is told.
        if (Store is not null)
            await Store.DisposeAsync();
        await StopEngineAsync();
        Directory.Delete(_root, recursive: true);
    }

    /// <summary>Time itself is what these tests are about: nothing else tells that the server has given a worker up.</summary>
    public static Task PassHeartbeatLimitAsync() => Task.Delay(Limits.HeartbeatTimeout + TimeSpan.FromSeconds(3));

    // Short, so that what takes minutes in life takes seconds here.
    static RunLimits Limits => new()
    {
        HeartbeatTimeout = TimeSpan.FromSeconds(5), HostTimeout = TimeSpan.FromSeconds(10), FinishTimeLimit = TimeSpan.FromSeconds(2),
        Locks = new()
        {
            CheckWhileWanted = TimeSpan.FromSeconds(1), TerminatedGrace = TimeSpan.FromSeconds(3), HistoryEventsMax = 300,
            AskAgainAfter = TimeSpan.FromSeconds(2), WaitInQuorum = TimeSpan.FromSeconds(2),
        },
    };

    sealed class WorkerHost : IAsyncDisposable
    {
        readonly CancellationTokenSource _stop = new();
        readonly JobsRuntime _runtime;
        readonly Task _running;

        public WorkerHost(RunFixture fixture, IRunStore? store, string state, string host = "host-1", string bootIdFile = RestartActivities.KernelBootId)
        {
            var client = fixture.Client;
            var options = new JobsOptions
            {
                MessagesOfApproval = notice =>
                {
                    fixture.Notices.Enqueue(notice);
                    return [];
                },
                StateFolder = state, HostId = host, Cgroup = "off", Limits = Limits, BootIdFile = bootIdFile, Plugins = ActivityDefinition.CreateAll(new SamplePlugin()).ToList(),
            };
            _runtime = new JobsRuntime(options, client, store, fixture.Time, NullLoggerFactory.Instance);
            _running = Task.WhenAll(
                store is null ? Task.CompletedTask : RunWorkerAsync(client, TaskQueues.Control, _runtime.AddControl),
                RunWorkerAsync(client, options.HostQueue, _runtime.AddHost),
                Task.Run(() => _runtime.RunRecoveryAsync(_stop.Token)));
        }

        async Task RunWorkerAsync(ITemporalClient client, string queue, Action<TemporalWorkerOptions> add)
        {
            var options = new TemporalWorkerOptions(queue);
            add(options);
            using var worker = new TemporalWorker(client, options);
            try
            {
                await worker.ExecuteAsync(_stop.Token);
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
        }

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await _running;
            _runtime.Dispose();
            _stop.Dispose();
        }
    }
}
