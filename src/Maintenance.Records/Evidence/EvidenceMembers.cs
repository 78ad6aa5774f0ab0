using System.Collections;
using System.Collections.Concurrent;
using System.Globalization;
using System.Reflection;
using System.Text.Json;

namespace Maintenance.Records;

/// <summary>
/// All that a record says, as paths and values, so that no member of it can be forgotten. A member that comes later is a new format: it
/// must not be in the texts of the formats before.
/// </summary>
static class EvidenceMembers
{
    static readonly ConcurrentDictionary<Type, IReadOnlyList<Member>> _members = new();

    /// <summary>In an order that depends on nothing but the names.</summary>
    public static IEnumerable<(string Path, object? Value)> Of(string path, object? value) => value switch
    {
        null or string or bool or int or long => [(path, value)],
        Enum word => [(path, word.ToString())],
        DateTimeOffset time => [(path, time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture))],
        TimeSpan span => [(path, span.Ticks)],
        IReadOnlyDictionary<string, string> named =>
            named.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => ($"{path}.{Name(pair.Key)}", (object?)pair.Value)),
        IEnumerable list => List(path, [.. list.Cast<object?>()]),
        _ => MembersOf(value.GetType()).SelectMany(member => Of($"{path}.{member.Name}", member.Property.GetValue(value))),
    };

    static IEnumerable<(string Path, object? Value)> List(string path, IReadOnlyList<object?> items) =>
        [(path, items.Count), .. items.SelectMany((item, index) => Of($"{path}.{index + 1}", item))];

    /// <summary>Names may hold anything, so they are JSON too, without the sign that ends a path.</summary>
    public static string Name(string name) =>
        JsonSerializer.Serialize(name, EvidenceText.ValueOptions).Replace("=", "\\u003d", StringComparison.Ordinal);

    /// <summary>What can be set; what is computed from it says nothing more.</summary>
    static IReadOnlyList<Member> MembersOf(Type type) => _members.GetOrAdd(type, static of =>
    [
        .. of.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.CanWrite)
            .OrderBy(property => property.Name, StringComparer.Ordinal)
            .Select(property => new Member(JsonNamingPolicy.CamelCase.ConvertName(property.Name), property)),
    ]);

    sealed record Member(string Name, PropertyInfo Property);
}
