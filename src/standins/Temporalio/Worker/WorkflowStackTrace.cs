namespace Temporalio.Worker;

/// <summary>Whether the stack trace query of a workflow is answered.</summary>
public enum WorkflowStackTrace
{
    /// <summary>Not answered; costs nothing.</summary>
    None = 0,

    /// <summary>With files and lines.</summary>
    Normal = 1,

    /// <summary>With method names only.</summary>
    WithoutFileInfo = 2,
}
