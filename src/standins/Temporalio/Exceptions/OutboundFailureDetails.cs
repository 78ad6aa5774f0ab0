namespace Temporalio.Exceptions;

/// <summary>Details given to a failure that is made here.</summary>
/// <param name="Details">The values in order; null when there are none.</param>
public record OutboundFailureDetails(IReadOnlyCollection<object?>? Details) : IFailureDetails
{
    public int Count => Details?.Count ?? 0;

    public T ElementAt<T>(int index)
    {
        if (Details is null || index < 0 || index >= Details.Count)
            throw new ArgumentOutOfRangeException(nameof(index), index, $"The failure carries {Count} details.");

        return (T)Details.ElementAt(index)!;
    }
}
