using Temporalio.Api.WorkflowService.V1;
using Temporalio.Converters;

namespace Temporalio.Client;

/// <summary>A workflow as a description shows it.</summary>
public class WorkflowExecutionDescription : WorkflowExecution
{
    readonly DataConverter _dataConverter;

    protected internal WorkflowExecutionDescription(
        DescribeWorkflowExecutionResponse rawDescription, DataConverter dataConverter)
        : base(rawDescription.WorkflowExecutionInfo, dataConverter, null)
    {
        RawDescription = rawDescription;
        _dataConverter = dataConverter;
    }

    internal DescribeWorkflowExecutionResponse RawDescription { get; }

    /// <summary>The summary given at the start; null when there was none.</summary>
    public async Task<string?> GetStaticSummaryAsync() =>
        RawDescription.ExecutionConfig?.UserMetadata?.Summary is { } summary
            ? await _dataConverter.ToValueAsync<string>(summary)
            : null;

    /// <summary>The details given at the start; null when there were none.</summary>
    public async Task<string?> GetStaticDetailsAsync() =>
        RawDescription.ExecutionConfig?.UserMetadata?.Details is { } details
            ? await _dataConverter.ToValueAsync<string>(details)
            : null;
}
