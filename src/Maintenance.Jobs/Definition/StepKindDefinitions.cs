using System.Text.Json.Serialization;

namespace Maintenance.Jobs.Definition;

/// <summary>A script of the job on a host.</summary>
public sealed record RunStep
{
    public required string Script { get; init; }

    /// <summary>The script's content when it is one of ours and no file of the job.</summary>
    public string? Text { get; init; }
    public IReadOnlyList<string> Arguments { get; init; } = [];
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();
    public IReadOnlyDictionary<string, string> Secrets { get; init; } = new Dictionary<string, string>();
    public IReadOnlyList<string> Files { get; init; } = [];
    public TimeSpan StopGrace { get; init; } = JobDefaults.StopGrace;

    /// <summary>The user whose rights the script has; null means the worker's own. The host's settings say who is permitted.</summary>
    public string? RunAs { get; init; }
    public StepLimits? Limits { get; init; }

    /// <summary>Only in histories of earlier builds, which had it here: see <see cref="StepDefinition.RunsOn"/>.</summary>
    public string? RunsOn { get; init; }

    [JsonIgnore]
    public string? FileName => Text is null ? Script : null;
}

public sealed record ApprovalStep
{
    public required string Message { get; init; }

    /// <summary>How long the question is open.</summary>
    public TimeSpan Timeout { get; init; } = JobDefaults.ApprovalTimeout;

    /// <summary>Nobody answering in time lets the run go on instead of failing it.</summary>
    public bool ContinueOnTimeout { get; init; }

    /// <summary>Names, and groups as <c>group:NAME</c>, of those who may answer; empty: anybody.</summary>
    public IReadOnlyList<string> Approvers { get; init; } = [];

    /// <summary>So many different people have to approve; one who rejects is enough.</summary>
    public int Count { get; init; } = 1;

    /// <summary>Who started the run may not approve it. What is read from a job.json has it unless it says otherwise; runs that began before there was this rule go on without.</summary>
    public bool FourEyes { get; init; }

    /// <summary>Only signed answers count.</summary>
    public bool Verified { get; init; }
    public TimeSpan? RemindEvery { get; init; }
    public EscalationPlan? Escalate { get; init; }

    /// <summary>Names of steps, and texts with references; empty: all steps before.</summary>
    public IReadOnlyList<string> Evidence { get; init; } = [];

    /// <summary>Names of steps that are done again after the yes; another result voids it.</summary>
    public IReadOnlyList<string> Recheck { get; init; } = [];
}

/// <summary>Who may answer too, and is told, when nobody has for so long.</summary>
public sealed record EscalationPlan(TimeSpan After, IReadOnlyList<string> To);

/// <summary>One of <see cref="For"/>, <see cref="Until"/> and <see cref="Command"/> is set.</summary>
public sealed record WaitStep
{
    public TimeSpan? For { get; init; }

    /// <summary>A date, a date with time, or a time of day, with references.</summary>
    public string? Until { get; init; }
    public string? TimeZone { get; init; }

    /// <summary>A script that exits with 0 when the wait is over.</summary>
    public RunStep? Command { get; init; }
    public TimeSpan Interval { get; init; } = JobDefaults.WaitInterval;
    public TimeSpan Timeout { get; init; } = JobDefaults.WaitTimeout;
}

/// <summary>One HTTP request from the host, and what its answer must be.</summary>
public sealed record HttpStep
{
    public required string Method { get; init; }
    public required string Url { get; init; }
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>Name to a secret's place, with an optional scheme word before it: "Bearer env:TOKEN".</summary>
    public IReadOnlyDictionary<string, string> SecretHeaders { get; init; } = new Dictionary<string, string>();
    public string? Body { get; init; }

    /// <summary>JSON whose texts may have references; sent as application/json.</summary>
    public string? JsonBody { get; init; }
    public HttpExpectation Expect { get; init; } = new();

    /// <summary>Name of an output to the JSON pointer of its value in the answer.</summary>
    public IReadOnlyDictionary<string, string> Outputs { get; init; } = new Dictionary<string, string>();
    public HttpRedirects Redirects { get; init; } = HttpRedirects.None;

    /// <summary>A longer answer fails the attempt.</summary>
    public int BytesMax { get; init; } = JobDefaults.HttpBytesMax;

    /// <summary>PEM file on the host with the certificate authority to trust in place of the system's.</summary>
    public string? CaFile { get; init; }
}

public sealed record HttpExpectation
{
    /// <summary>"200" or "2xx"; any of them will do.</summary>
    public IReadOnlyList<string> Status { get; init; } = ["2xx"];
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>Texts that the answer must contain.</summary>
    public IReadOnlyList<string> Contains { get; init; } = [];

    /// <summary>JSON pointer to the text of the value that must be there.</summary>
    public IReadOnlyDictionary<string, string> Json { get; init; } = new Dictionary<string, string>();
}

public enum HttpRedirects
{
    None,
    SameOrigin,
    Any,
}

/// <summary>One statement or script on a database, in one transaction.</summary>
public sealed record SqlStep
{
    /// <summary>Where the connection string is: "env:NAME", "file:/path" or an input of type secret. Never the string itself.</summary>
    public required string Connection { get; init; }
    public string? Query { get; init; }
    public string? File { get; init; }

    /// <summary>Parameters by name (@name in the statement); always values, never text of the statement.</summary>
    public IReadOnlyDictionary<string, string> Values { get; init; } = new Dictionary<string, string>();
    public bool ReadOnly { get; init; }
    public SqlExpectation Expect { get; init; } = new();

    /// <summary>Columns of the first row that become outputs.</summary>
    public IReadOnlyList<string> Outputs { get; init; } = [];

    /// <summary>More rows are not read.</summary>
    public int RowsMax { get; init; } = JobDefaults.SqlRowsMax;
}

public sealed record SqlExpectation
{
    public CountRange? Rows { get; init; }
    public CountRange? Affected { get; init; }

    /// <summary>Column of the first row to the text of the value that must be there.</summary>
    public IReadOnlyDictionary<string, string> Values { get; init; } = new Dictionary<string, string>();
}

public sealed record CountRange(long Min, long? Max)
{
    public bool Holds(long count) => count >= Min && count <= (Max ?? long.MaxValue);

    public override string ToString() =>
        Max switch { null => $"at least {Min}", var max when max == Min => $"{Min}", var max => $"{Min} to {max}" };
}

/// <summary>A run of another job, and its end.</summary>
public sealed record ChildJobStep
{
    public required string Job { get; init; }

    /// <summary>A JSON object whose texts may have references.</summary>
    public string InputJson { get; init; } = "{}";
}

/// <summary>A C# activity of a plug-in that the host has loaded.</summary>
public sealed record ActivityStep
{
    public required string Activity { get; init; }

    /// <summary>A JSON object whose texts may have references; null when the activity takes nothing.</summary>
    public string? InputJson { get; init; }
}
