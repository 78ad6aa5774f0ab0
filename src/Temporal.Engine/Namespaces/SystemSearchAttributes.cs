using Temporalio.Api.Enums.V1;
using static Temporalio.Api.Enums.V1.IndexedValueType;

namespace Temporal.Engine;

/// <summary>The search attributes that every namespace has.</summary>
static class SystemSearchAttributes
{
    public static readonly IReadOnlyDictionary<string, IndexedValueType> Types = new Dictionary<string, IndexedValueType>
    {
        ["BatcherNamespace"] = Keyword,
        ["BatcherUser"] = Keyword,
        ["BinaryChecksums"] = KeywordList,
        ["BuildIds"] = KeywordList,
        ["CloseTime"] = Datetime,
        ["ExecutionDuration"] = Int,
        ["ExecutionStatus"] = Keyword,
        ["ExecutionTime"] = Datetime,
        ["HistoryLength"] = Int,
        ["HistorySizeBytes"] = Int,
        ["ParentRunId"] = Keyword,
        ["ParentWorkflowId"] = Keyword,
        ["RootRunId"] = Keyword,
        ["RootWorkflowId"] = Keyword,
        ["RunId"] = Keyword,
        ["StartTime"] = Datetime,
        ["StateTransitionCount"] = Int,
        ["TaskQueue"] = Keyword,
        ["TemporalChangeVersion"] = KeywordList,
        ["TemporalExternalPayloadCount"] = Int,
        ["TemporalExternalPayloadSizeBytes"] = Int,
        ["TemporalNamespaceDivision"] = Keyword,
        ["TemporalPauseInfo"] = KeywordList,
        ["TemporalReportedProblems"] = KeywordList,
        ["TemporalSchedulePaused"] = Bool,
        ["TemporalScheduledById"] = Keyword,
        ["TemporalScheduledStartTime"] = Datetime,
        ["TemporalUsedWorkerDeploymentVersions"] = KeywordList,
        ["TemporalWorkerDeployment"] = Keyword,
        ["TemporalWorkerDeploymentVersion"] = Keyword,
        ["TemporalWorkflowVersioningBehavior"] = Keyword,
        ["WorkflowId"] = Keyword,
        ["WorkflowType"] = Keyword,
    };

    /// <summary>How many custom attributes of a type a namespace may have; one of another type cannot be made.</summary>
    public static readonly IReadOnlyDictionary<IndexedValueType, int> CustomMax = new Dictionary<IndexedValueType, int>
    {
        [Bool] = 3,
        [Datetime] = 3,
        [IndexedValueType.Double] = 3,
        [Int] = 3,
        [Keyword] = 10,
        [KeywordList] = 3,
        [Text] = 3,
    };
}
