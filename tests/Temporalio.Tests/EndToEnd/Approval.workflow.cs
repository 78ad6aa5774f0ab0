using Temporalio.Exceptions;
using Temporalio.Workflows;

namespace Temporalio.Tests.EndToEnd;

/// <summary>Waits until somebody approves.</summary>
[Workflow]
public class Approval
{
    readonly List<string> _approvers = [];
    int _needed;

    [WorkflowRun]
    public async Task<string> RunAsync(int needed)
    {
        _needed = needed;
        await Workflow.WaitConditionAsync(() => _approvers.Count >= _needed);
        return string.Join(",", _approvers);
    }

    [WorkflowSignal]
    public async Task ApproveAsync(string who) => _approvers.Add(who);

    [WorkflowQuery]
    public int Missing => _needed - _approvers.Count;

    [WorkflowQuery]
    public bool HasApproved(string who) => _approvers.Contains(who);

    [WorkflowUpdate]
    public async Task<int> ApproveNowAsync(string who)
    {
        _approvers.Add(who);
        return _approvers.Count;
    }

    [WorkflowUpdateValidator(nameof(ApproveNowAsync))]
    public void CheckApproval(string who)
    {
        if (_approvers.Contains(who))
            throw new ApplicationFailureException($"{who} has approved already", errorType: "Twice");
    }
}
