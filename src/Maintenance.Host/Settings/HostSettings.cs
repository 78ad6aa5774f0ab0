using Maintenance.Records;

namespace Maintenance.Host.Settings;

/// <summary>
/// Everything that can be set. Read once at start from <c>maintenance.json</c>, the environment (<c>MAINTENANCE_</c>, two underscores
/// between the parts of a key) and flags, later ones winning. docs/reference/settings.md is the table of these, held true by a test.
/// </summary>
sealed record HostSettings
{
    /// <summary>Where this installation keeps its state; flag <c>--data</c>.</summary>
    public string DataDirectory { get; init; } = "";

    /// <summary>The file that declares the schedules; flag <c>--schedules</c>.</summary>
    public string SchedulesFile { get; init; } = "schedules.json";

    /// <summary>
    /// Which site this is: <c>schedules.NAME.json</c> lies over the schedules file; flag <c>--environment</c>. Empty: the schedules file
    /// alone.
    /// </summary>
    public string Environment { get; init; } = "";

    /// <summary>The folder with a folder per job; flag <c>--jobs</c>. Empty: <c>jobs</c> beside the schedules file.</summary>
    public string JobsDirectory { get; init; } = "";

    /// <summary>
    /// Whose schedules these are. On a shared Temporal server <c>apply</c> touches only schedules of its own installation.
    /// Empty: an id that is drawn once and kept in the data folder.
    /// </summary>
    public string Installation { get; init; } = "";

    public TemporalSettings Temporal { get; init; } = new();

    public EngineSettings Engine { get; init; } = new();

    public MetricsSettings Metrics { get; init; } = new();

    public RecordsSettings Records { get; init; } = new();

    public WorkerSettings Worker { get; init; } = new();

    public SeqSettings Seq { get; init; } = new();

    public NotificationSettings Notifications { get; init; } = new();

    public LinkSettings Links { get; init; } = new();
}

/// <summary>Which Temporal server runs the schedules and workflows.</summary>
sealed record TemporalSettings
{
    /// <summary><c>HOST:PORT</c> of a Temporal server; flag <c>--temporal</c>. Empty: the embedded engine.</summary>
    public string Address { get; init; } = "";

    public string Namespace { get; init; } = "default";

    /// <summary>An API key for the server; implies TLS. Better given by the environment than by a file.</summary>
    public string ApiKey { get; init; } = "";

    public bool Tls { get; init; }

    /// <summary>PEM file with the certificate authority of the server; empty: the system's.</summary>
    public string TlsServerCa { get; init; } = "";

    /// <summary>PEM file with the client certificate for mTLS.</summary>
    public string TlsClientCertificate { get; init; } = "";

    /// <summary>PEM file with the key of the client certificate.</summary>
    public string TlsClientKey { get; init; } = "";

    /// <summary>The name that the server's certificate must carry; empty: the host of the address.</summary>
    public string TlsServerName { get; init; } = "";
}

/// <summary>The embedded engine.</summary>
sealed record EngineSettings
{
    /// <summary>Where the engine listens; loopback, unless callers must prove who they are; flag <c>--listen</c>.</summary>
    public string Listen { get; init; } = "127.0.0.1:7233";

    /// <summary>PEM file with the server's certificate and the intermediate ones; empty: no TLS.</summary>
    public string TlsCertificate { get; init; } = "";

    /// <summary>PEM file with the key of the certificate.</summary>
    public string TlsKey { get; init; } = "";

    /// <summary>PEM file with the authorities of clients' certificates: only such clients get in (mTLS).</summary>
    public string TlsClientCa { get; init; } = "";

    /// <summary>
    /// By the name of who holds it: where the key is and what it allows, such as <c>env:CI_KEY default=write staging=read</c>.
    /// </summary>
    public IReadOnlyDictionary<string, string> ApiKeys { get; init; } = new Dictionary<string, string>();
}

/// <summary>Who may look at this process's metrics.</summary>
sealed record MetricsSettings
{
    /// <summary>Where Prometheus finds <c>/metrics</c>, such as <c>127.0.0.1:9464</c>; loopback only. Empty: nowhere.</summary>
    public string Listen { get; init; } = "";

    /// <summary>An OpenTelemetry collector that takes OTLP over HTTP, such as <c>http://127.0.0.1:4318</c>; empty: none.</summary>
    public string OtlpEndpoint { get; init; } = "";

    /// <summary>How often it gets them, one second to one hour.</summary>
    public TimeSpan OtlpInterval { get; init; } = TimeSpan.FromMinutes(1);
}

/// <summary>Where runs are recorded.</summary>
sealed record RecordsSettings
{
    /// <summary>A Postgres connection string (<c>Host=…</c>); flag <c>--records</c>. Empty: SQLite in the data folder.</summary>
    public string Connection { get; init; } = "";

    /// <summary>How long a run that succeeded stays.</summary>
    public TimeSpan KeepSucceeded { get; init; } = new KeepRuns().Succeeded;

    /// <summary>How long every other run stays.</summary>
    public TimeSpan KeepFailed { get; init; } = new KeepRuns().Failed;

    /// <summary>How long what scripts printed stays.</summary>
    public TimeSpan KeepOutput { get; init; } = new RetentionPolicy().Output;

    /// <summary>How long reports stay that have arrived.</summary>
    public TimeSpan KeepDelivered { get; init; } = new RetentionPolicy().Delivered;

    /// <summary>Jobs whose runs are kept longer or shorter, such as <c>succeeded=30d failed=90d</c>.</summary>
    public IReadOnlyDictionary<string, string> KeepJobs { get; init; } = new Dictionary<string, string>();

    /// <summary>Of settings that were checked.</summary>
    public RetentionPolicy ToPolicy()
    {
        var runs = new KeepRuns { Succeeded = KeepSucceeded, Failed = KeepFailed };
        return new()
        {
            Runs = runs,
            Jobs = KeepJobs.ToDictionary(job => job.Key, job => KeepJobSetting.Parse(job.Key, job.Value, runs, out _) ?? runs),
            Output = KeepOutput,
            Delivered = KeepDelivered,
        };
    }
}

/// <summary>How much this worker does at once.</summary>
sealed record WorkerSettings
{
    /// <summary>Steps that run at the same time on this host, 1 to 1,000.</summary>
    public int MaxConcurrentSteps { get; init; } = 32;

    /// <summary>Workflows kept in memory between their tasks, 0 to 100,000.</summary>
    public int MaxCachedWorkflows { get; init; } = 1_000;

    /// <summary>Assemblies with C# activities for <c>activity</c> steps, separated by colons.</summary>
    public string Plugins { get; init; } = "";

    /// <summary>How long a stop waits for work in progress; scripts go on without the worker and are found again.</summary>
    public TimeSpan ShutdownGrace { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Users that a step's <c>runAs</c> may name on this host, divided by commas; empty: none. The worker must run as root.
    /// </summary>
    public string RunAs { get; init; } = "";

    public string[] PermittedUsers() => RunAs.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    /// <summary><c>auto</c>: the cgroup that was delegated to the worker; <c>off</c>: none; else the path of a cgroup v2 to use.</summary>
    public string Cgroup { get; init; } = "auto";
}

/// <summary>Where logs and run reports go.</summary>
sealed record SeqSettings
{
    /// <summary>Address of a Seq server, such as <c>http://127.0.0.1:5341</c>; empty: none.</summary>
    public string ServerUrl { get; init; } = "";

    public string ApiKey { get; init; } = "";
}

/// <summary>Who is told when a person is needed or a job changes state.</summary>
sealed record NotificationSettings
{
    /// <summary>A Slack-compatible incoming webhook; empty: none. It is a secret: better given by the environment.</summary>
    public string SlackWebhook { get; init; } = "";
}

/// <summary>What links in messages point to.</summary>
sealed record LinkSettings
{
    /// <summary>Address of the Temporal UI, such as <c>http://127.0.0.1:8080</c>; empty: messages have no link to it.</summary>
    public string TemporalUi { get; init; } = "";
}
