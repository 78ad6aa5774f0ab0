namespace Temporalio.Exceptions;

/// <summary>Values that a failure carries.</summary>
public interface IFailureDetails
{
    int Count { get; }

    /// <summary>The value at <paramref name="index"/>, converted to <typeparamref name="T"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such value.</exception>
    T ElementAt<T>(int index);
}
