namespace Temporalio.Workflows;

/// <summary>What cancelling an activity's token means for the activity.</summary>
public enum ActivityCancellationType
{
    /// <summary>Asks the activity to stop and reports it as cancelled at once.</summary>
    TryCancel = 0,

    /// <summary>Asks the activity to stop and waits for how it ends.</summary>
    WaitCancellationCompleted = 1,

    /// <summary>Reports it as cancelled at once and leaves it running.</summary>
    Abandon = 2,
}

/// <summary>What cancelling a child workflow's token means for the child.</summary>
public enum ChildWorkflowCancellationType
{
    /// <summary>Reports it as cancelled at once and leaves it running.</summary>
    Abandon = 0,

    /// <summary>Asks the child to stop and reports it as cancelled at once.</summary>
    TryCancel = 1,

    /// <summary>Asks the child to stop and waits for how it ends.</summary>
    WaitCancellationCompleted = 2,

    /// <summary>Asks the child to stop and waits until it has received the request.</summary>
    WaitCancellationRequested = 3,
}

/// <summary>What happens to a child workflow when its parent closes.</summary>
public enum ParentClosePolicy
{
    /// <summary>The server's default.</summary>
    None = 0,

    /// <summary>The child is terminated.</summary>
    Terminate = 1,

    /// <summary>The child goes on.</summary>
    Abandon = 2,

    /// <summary>The child is asked to stop.</summary>
    RequestCancel = 3,
}

/// <summary>What happens when a workflow ends while a handler of it still runs.</summary>
public enum HandlerUnfinishedPolicy
{
    /// <summary>A warning is logged and the handler is abandoned.</summary>
    WarnAndAbandon = 0,

    /// <summary>The handler is abandoned.</summary>
    Abandon = 1,
}

/// <summary>How the first task of a continued run chooses its worker version.</summary>
public enum InitialVersioningBehavior
{
    /// <summary>As the workflow's own behaviour says.</summary>
    Unspecified = 0,

    /// <summary>The version that is current then.</summary>
    AutoUpgrade = 1,

    /// <summary>The version that is ramping then.</summary>
    UseRampingVersion = 2,
}

/// <summary>Why the server suggests to continue as new.</summary>
public enum SuggestContinueAsNewReason
{
    /// <summary>Not said.</summary>
    Unspecified = 0,

    /// <summary>The history has too many bytes.</summary>
    HistorySizeTooLarge = 1,

    /// <summary>The history has too many events.</summary>
    TooManyHistoryEvents = 2,

    /// <summary>The run has had too many updates.</summary>
    TooManyUpdates = 3,
}
