namespace Temporalio.Client;

/// <summary>One page of a list; a null token: the last.</summary>
public record WorkflowListPage(IReadOnlyCollection<WorkflowExecution> Workflows, byte[]? NextPageToken);
