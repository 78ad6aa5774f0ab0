namespace Temporal.Engine.Visibility;

/// <summary>A list query that cannot be used. Callers get the message after "invalid query: ".</summary>
sealed class QueryException(string message) : Exception(message)
{
    public static QueryException Invalid(string message) => new($"invalid expression: {message}");

    public static QueryException NotSupported(string message) => new($"operation is not supported: {message}");
}
