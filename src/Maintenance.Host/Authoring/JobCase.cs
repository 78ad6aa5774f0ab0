using System.Text.Json.Nodes;
using Maintenance.Records;

namespace Maintenance.Host.Authoring;

/// <summary>
/// One case of a job's own tests: what it is given, and what must come of it. The file's name without <c>.json</c> is its name.
/// </summary>
sealed record JobCase
{
    public required string Name { get; init; }
    public string Description { get; init; } = "";
    public JsonObject Input { get; init; } = [];

    /// <summary>Environment of the worker, for secrets such as <c>env:ORDERS_PW</c>.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();
    public IReadOnlyDictionary<string, IReadOnlyList<FakeAnswer>> Commands { get; init; } =
        new Dictionary<string, IReadOnlyList<FakeAnswer>>();

    /// <summary>The answer to each approval by step; a step that is not named is approved.</summary>
    public IReadOnlyDictionary<string, ApprovalDecision> Approvals { get; init; } = new Dictionary<string, ApprovalDecision>();
    public required JobExpectation Expect { get; init; }
}

/// <summary>What a case demands; what it does not name is not looked at.</summary>
sealed record JobExpectation
{
    public RunStatus Status { get; init; } = RunStatus.Succeeded;

    /// <summary>A part of the run's reason.</summary>
    public string? Reason { get; init; }
    public IReadOnlyDictionary<string, StepExpectation> Steps { get; init; } = new Dictionary<string, StepExpectation>();

    /// <summary>Calls of stand-ins that must come, in this order; others may come between them.</summary>
    public IReadOnlyList<string> Calls { get; init; } = [];

    /// <summary>Parts of calls that must not come.</summary>
    public IReadOnlyList<string> NoCalls { get; init; } = [];
}

sealed record StepExpectation
{
    public StepStatus? Status { get; init; }
    public int? ExitCode { get; init; }
    public int? Attempts { get; init; }

    /// <summary>A part of what the last attempt wrote.</summary>
    public string? Output { get; init; }
    public IReadOnlyDictionary<string, string> Outputs { get; init; } = new Dictionary<string, string>();
}
