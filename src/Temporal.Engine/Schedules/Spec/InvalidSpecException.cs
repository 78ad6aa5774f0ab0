namespace Temporal.Engine.Schedules;

/// <summary>A schedule spec that cannot be read. The message is the one that the caller gets after "Invalid schedule spec: ".</summary>
sealed class InvalidSpecException(string message) : Exception(message);
