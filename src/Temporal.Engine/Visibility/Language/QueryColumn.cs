using Temporalio.Api.Enums.V1;

namespace Temporal.Engine.Visibility;

/// <summary>A search attribute that a query names.</summary>
/// <param name="Alias">As the query writes it.</param>
/// <param name="Name">The attribute that it stands for.</param>
sealed record QueryColumn(string Alias, string Name, IndexedValueType Type, bool IsCustom);

/// <summary>Which search attributes the queries of a namespace may name.</summary>
sealed class QueryColumns(NamespaceEntry ns)
{
    public const string ScheduleId = "ScheduleId";
    const string Prefix = "Temporal";

    public QueryColumn Find(string alias)
    {
        if (ns.SearchAttributes.TryGetValue(alias, out var custom))
            return new(alias, alias, custom, IsCustom: true);
        if (alias == ScheduleId)
            return new(alias, "WorkflowId", IndexedValueType.Keyword, IsCustom: false);
        // The prefix of the server's own attributes may be left out, or be too much.
        foreach (var name in (string[])[
            alias, Prefix + alias, alias.StartsWith(Prefix, StringComparison.Ordinal) ? alias[Prefix.Length..] : alias,
        ])
        {
            if (SystemSearchAttributes.Types.TryGetValue(name, out var type))
                return new(alias, name, type, IsCustom: false);
        }

        throw new QueryException($"invalid search attribute: {alias}");
    }

    /// <summary>Whether this name is the server's own.</summary>
    public static bool IsReserved(string name) =>
        SystemSearchAttributes.Types.ContainsKey(name) || name.StartsWith(Prefix, StringComparison.Ordinal);
}
