using Google.Protobuf;
using Temporalio.Api.History.V1;

namespace Temporalio.Common;

/// <summary>The history of one workflow run, for replay or export.</summary>
public record WorkflowHistory(string Id, IReadOnlyCollection<HistoryEvent> Events)
{
    /// <summary>Reads the JSON that <see cref="ToJson()"/>, the Temporal CLI and the Temporal UI write.</summary>
    public static WorkflowHistory FromJson(string workflowId, string json) =>
        new(workflowId, HistoryJson.Parse(json).Events);

    public string ToJson()
    {
        using var writer = new StringWriter();
        ToJson(writer);
        return writer.ToString();
    }

    public void ToJson(TextWriter writer)
    {
        var history = new History();
        history.Events.AddRange(Events);
        JsonFormatter.Default.Format(history, writer);
    }
}
