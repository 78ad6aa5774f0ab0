using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Google.Protobuf;
using Temporal.Engine.Visibility;
using Temporal.Protocol;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;

namespace Temporal.Engine.Schedules;

/// <summary>Finds schedules by a list query, newest first.</summary>
sealed class ScheduleLists(ScheduleDirectory directory)
{
    // What the real server puts before the caller's query.
    const string OwnQuery = "TemporalNamespaceDivision = 'TemporalScheduler' AND ExecutionStatus = 'Running'";
    const string Paused = "TemporalSchedulePaused";

    // Newest first.
    static readonly Comparer<(DateTime Created, string Id)> PlaceOrder = Comparer<(DateTime Created, string Id)>.Create(static (a, b) =>
        b.Created.CompareTo(a.Created) is var order and not 0 ? order : string.CompareOrdinal(a.Id, b.Id));

    // The order of each namespace's schedules, as long as none comes or goes.
    readonly ConcurrentDictionary<string, (int Membership, (DateTime Created, string Id)[] Places)> _orders = new();

    /// <summary>One page, and the token of the next.</summary>
    public (List<ScheduleView> Page, ByteString Next) Page(NamespaceEntry ns, string query, int size, ByteString token)
    {
        size = size is <= 0 or > VisibilityReader.LargestPage ? VisibilityReader.LargestPage : size;
        var matches = Matches(ns, query);
        var places = Order(ns);
        var start = 0;
        if (!token.IsEmpty)
        {
            start = Array.BinarySearch(places, ReadToken(token), PlaceOrder);
            start = start < 0 ? ~start : start + 1;
        }

        var page = places.Skip(start).Select(place => directory.FindView(ns.Id, place.Id))
            .OfType<ScheduleView>()
            .Where(matches)
            .Take(size)
            .ToList();
        return (page, page.Count == size ? Token(Place(page[^1])) : ByteString.Empty);
    }

    public int Count(NamespaceEntry ns, string query) => directory.Views(ns.Id).Count(Matches(ns, query));

    static Func<ScheduleView, bool> Matches(NamespaceEntry ns, string query)
    {
        var where = Bind(ns, query);
        return view => where is null || ConditionEvaluator.Holds(where, column => Value(view, column)) == true;
    }

    (DateTime Created, string Id)[] Order(NamespaceEntry ns)
    {
        // Read first: an order that is made meanwhile is at worst made once more.
        var membership = directory.Membership;
        if (_orders.TryGetValue(ns.Id, out var order) && order.Membership == membership)
            return order.Places;
        var places = directory.Views(ns.Id).Select(Place).ToArray();
        Array.Sort(places, PlaceOrder);
        _orders[ns.Id] = (membership, places);
        return places;
    }

    static Condition? Bind(NamespaceEntry ns, string query)
    {
        if (string.IsNullOrWhiteSpace(query))
            return null;
        var bound = VisibilityHandlers.Bind(ns, query);
        foreach (var alias in bound.Aliases)
        {
            if (alias != Paused && QueryColumns.IsReserved(alias))
                throw new RpcFailure(RpcStatus.InvalidArgument, $"invalid query filter for schedules: cannot filter on \"{alias}\"");
        }

        try
        {
            // A clause behind the condition does not fit into the place where the condition goes.
            _ = QueryParser.Read($"{OwnQuery} AND ({query})");
        }
        catch (QueryException error)
        {
            throw VisibilityHandlers.Invalid(error);
        }

        return bound.Where;
    }

    static object? Value(ScheduleView view, QueryColumn column)
    {
        if (!column.IsCustom)
            return column.Name == Paused ? view.Record.State.Paused : column.Alias == QueryColumns.ScheduleId ? view.Id : null;
        return view.Record.Definition.SearchAttributes?.IndexedFields.TryGetValue(column.Name, out var payload) == true
            ? Read(payload, column.Type)
            : null;
    }

    static object? Read(Payload payload, IndexedValueType type)
    {
        try
        {
            using var json = JsonDocument.Parse(payload.Data.Memory);
            var value = json.RootElement;
            if (type == IndexedValueType.KeywordList)
                return value.ValueKind == JsonValueKind.Array
                    ? value.EnumerateArray().Select(item => item.GetString()!).ToList()
                    : new List<string> { value.GetString()! };
            if (value.ValueKind == JsonValueKind.Array)
                value = value[0];
            return (type, value.ValueKind) switch
            {
                (_, JsonValueKind.Null) => null,
                (IndexedValueType.Int, _) => value.GetInt64(),
                (IndexedValueType.Double, _) => value.GetDouble(),
                (IndexedValueType.Bool, _) => value.GetBoolean(),
                (IndexedValueType.Datetime, _) => value.GetDateTimeOffset().UtcDateTime,
                _ => value.GetString(),
            };
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException or IndexOutOfRangeException)
        {
            // The attribute was of another type when the schedule was made: it has no value of this one.
            return null;
        }
    }

    static (DateTime Created, string Id) Place(ScheduleView view) => (view.CreateTime, view.Id);

    static ByteString Token((DateTime Created, string Id) place)
    {
        var id = Encoding.UTF8.GetBytes(place.Id);
        var bytes = new byte[sizeof(long) + id.Length];
        BinaryPrimitives.WriteInt64BigEndian(bytes, place.Created.Ticks);
        id.CopyTo(bytes, sizeof(long));
        return ByteString.CopyFrom(bytes);
    }

    static (DateTime Created, string Id) ReadToken(ByteString token)
    {
        var ticks = token.Length > sizeof(long) ? BinaryPrimitives.ReadInt64BigEndian(token.Span) : -1;
        if (ticks < 0 || ticks > DateTime.MaxValue.Ticks)
            throw new RpcFailure(
                RpcStatus.InvalidArgument, "invalid NextPageToken: it is not one that this server gave; list again from the first page");
        return (new(ticks, DateTimeKind.Utc), Encoding.UTF8.GetString(token.Span[sizeof(long)..]));
    }
}
