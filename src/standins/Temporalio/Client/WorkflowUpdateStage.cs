namespace Temporalio.Client;

/// <summary>How far an update has come.</summary>
public enum WorkflowUpdateStage
{
    None = 0,

    /// <summary>The server has it, no worker has seen it.</summary>
    Admitted = 1,

    /// <summary>A worker's validator let it pass and its handler is about to run.</summary>
    Accepted = 2,

    /// <summary>Its handler has ended.</summary>
    Completed = 3,
}
