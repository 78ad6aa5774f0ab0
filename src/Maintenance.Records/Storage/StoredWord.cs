using System.Text.Json;

namespace Maintenance.Records;

/// <summary>Enum values as the words of the check constraints: <c>TimedOut</c> is <c>timed_out</c>.</summary>
static class StoredWord<T>
    where T : struct, Enum
{
    static readonly Dictionary<T, string> Words =
        Enum.GetValues<T>().ToDictionary(value => value, value => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString()));

    static readonly Dictionary<string, T> Values = Words.ToDictionary(pair => pair.Value, pair => pair.Key);

    public static string Write(T value) => Words[value];

    public static T Read(string word) => Values.TryGetValue(word, out var value)
        ? value
        : throw new InvalidDataException(
            $"The record store holds the {typeof(T).Name} '{word}', which this version does not know. Was it written by a newer version?");
}
