using Temporalio.Api.Enums.V1;
using Temporalio.Common;

namespace Temporalio.Tests.Common;

public class WorkflowHistoryTests
{
    [Theory]
    [InlineData("EVENT_TYPE_WORKFLOW_EXECUTION_STARTED", "TASK_QUEUE_KIND_NORMAL")]
    [InlineData("WorkflowExecutionStarted", "Normal")]
    public void Histories_of_new_and_old_tools_are_read(string eventType, string queueKind)
    {
        var json = $$"""
            {
              "events": [
                {
                  "eventId": "1",
                  "eventTime": "2026-03-01T02:00:00Z",
                  "eventType": "{{eventType}}",
                  "somethingNew": true,
                  "workflowExecutionStartedEventAttributes": {
                    "workflowType": { "name": "backup" },
                    "taskQueue": { "name": "maintenance", "kind": "{{queueKind}}" }
                  }
                }
              ]
            }
            """;

        var history = WorkflowHistory.FromJson("backup-1", json);

        var started = Assert.Single(history.Events);
        Assert.Equal(EventType.WorkflowExecutionStarted, started.EventType);
        Assert.Equal(TaskQueueKind.Normal, started.WorkflowExecutionStartedEventAttributes.TaskQueue.Kind);
        Assert.Equal(history.Events, WorkflowHistory.FromJson("backup-1", history.ToJson()).Events);
    }
}
