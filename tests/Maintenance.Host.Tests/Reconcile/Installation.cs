using Maintenance.Host.Reconcile;
using Maintenance.Host.Settings;
using Maintenance.Records;
using Temporalio.Client;

namespace Maintenance.Host.Tests.Reconcile;

/// <summary>Files, records and a client of one installation in a folder of its own.</summary>
sealed class Installation : IAsyncDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("reconcile-").FullName;

    Installation(ITemporalClient client, string id)
    {
        Client = client;
        Id = id;
        Store = RunStores.Open(Path.Combine(_folder, "records.db"));
        WriteJob("backup", """{ "input": { "database": { "type": "string" } }, "steps": [ { "name": "only", "run": "run.sh" } ] }""");
    }

    public ITemporalClient Client { get; }

    public string Id { get; }

    public IRunStore Store { get; }

    public string JobsDirectory => Path.Combine(_folder, "jobs");

    public string SchedulesFile => Path.Combine(_folder, "schedules.json");

    public static async Task<Installation> CreateAsync(string address, string id = "here")
    {
        var installation = new Installation(await TemporalClient.ConnectAsync(new(address)), id);
        await installation.Store.MigrateAsync(CancellationToken.None);
        return installation;
    }

    public void WriteJob(string name, string json)
    {
        var folder = Directory.CreateDirectory(Path.Combine(JobsDirectory, name)).FullName;
        File.WriteAllText(Path.Combine(folder, "job.json"), json);
        File.WriteAllText(Path.Combine(folder, "run.sh"), "#!/bin/sh\necho hello\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(Path.Combine(folder, "run.sh"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    /// <summary>Entries without the job and its input, which are always the same.</summary>
    public void WriteSchedules(params string[] entries) => File.WriteAllText(
        SchedulesFile,
        $$"""{ "timeZone": "Europe/Berlin", "schedules": [ {{string.Join(", ", entries.Select(e => $$"""{ "job": "backup", "input": { "database": "orders" }, {{e}} }"""))}} ] }""");

    public void WriteResources(string json) => File.WriteAllText(Path.Combine(_folder, "resources.json"), json);

    public HostSettings Settings => new()
    {
        SchedulesFile = SchedulesFile, JobsDirectory = JobsDirectory, DataDirectory = _folder, Installation = Id,
    };

    public Schedules.ReadResult<DesiredState> Load() => DesiredState.Load(Settings, new DateTimeOffset(2026, 11, 23, 20, 0, 0, TimeSpan.Zero));

    public Reconciler Reconciler => new(Client, Store, new ReconcilerOptions { Installation = Id }, TimeProvider.System);

    /// <summary>One that may take this schedule from others.</summary>
    public Reconciler Adopting(string id) => new(Client, Store, new ReconcilerOptions { Installation = Id, Adopt = [id] }, TimeProvider.System);

    public OperatorActions Operators => new(Client, Store, Id, "ada", TimeProvider.System);

    public async Task<ReconcilePlan> PlanAsync(bool drift = false)
    {
        var desired = Load();
        Assert.True(desired.Ok, string.Join("\n", desired.Problems));
        return await Reconciler.PlanAsync(desired.Value, drift, CancellationToken.None);
    }

    public async Task<ReconcilePlan> ApplyAsync(bool drift = false)
    {
        var plan = await PlanAsync(drift);
        await Reconciler.ApplyAsync(plan, CancellationToken.None);
        return plan;
    }

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
