namespace Maintenance.Records;

/// <summary>
/// The database cannot be reached or answers with a passing failure. Whether the last write happened is unknown: repeat it.
/// </summary>
public sealed class RunStoreUnavailableException : Exception
{
    public RunStoreUnavailableException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
