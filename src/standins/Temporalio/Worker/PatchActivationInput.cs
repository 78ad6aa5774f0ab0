using Temporalio.Workflows;

namespace Temporalio.Worker;

/// <summary>A patch that a run asks for the first time.</summary>
/// <param name="WorkflowInfo">The run.</param>
/// <param name="PatchId">The patch.</param>
public record PatchActivationInput(WorkflowInfo WorkflowInfo, string PatchId);
