namespace Temporal.Engine;

/// <summary>The engine cannot start on this data folder. The message says why and what to do.</summary>
public sealed class EngineStartException : Exception
{
    /// <summary>Whether another engine has the folder, so that trying again later may help.</summary>
    public bool IsInUse { get; init; }

    public EngineStartException(string message)
        : base(message)
    {
    }

    public EngineStartException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    public EngineStartException()
    {
    }
}
