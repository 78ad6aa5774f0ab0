using Temporalio.Api.History.V1;

namespace Temporalio.Client.Interceptors;

/// <summary>Result of <see cref="ClientOutboundInterceptor.FetchWorkflowHistoryEventPageAsync"/>; a null token: the last page.</summary>
public record WorkflowHistoryEventPage(IReadOnlyCollection<HistoryEvent> Events, byte[]? NextPageToken);
