using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Temporal.Protocol;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.ErrorDetails.V1;
using Temporalio.Api.Namespace.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Temporal.Engine;

/// <summary>One namespace, never changed: an update replaces it.</summary>
sealed record NamespaceEntry(
    string Id, string Name, NamespaceInfo Info, NamespaceConfig Config, IReadOnlyDictionary<string, IndexedValueType> SearchAttributes)
{
    public TimeSpan Retention => Config.WorkflowExecutionRetentionTtl.ToTimeSpan();
}

/// <summary>
/// The namespaces and their custom search attributes. Stored as documents: kind <c>namespace</c>, key = id, content = a
/// DescribeNamespaceResponse; custom search attributes under kind <c>search-attributes</c> as a GetSearchAttributesResponse.
/// Reads are safe on any thread and see what is committed.
/// </summary>
sealed class NamespaceRegistry(EngineOptions options)
{
    public const string DocumentKind = "namespace";
    public const string SearchAttributesKind = "search-attributes";
    public const string DefaultName = "default";
    public const string SystemName = "temporal-system";

    /// <summary>The one cluster there is, under the name that a single real server gives itself.</summary>
    public const string ClusterName = "active";

    static readonly TimeSpan SystemRetention = TimeSpan.FromDays(7);

    volatile Names _committed = Names.None;

    // Of the loop: what the next commit will publish.
    Names _working = Names.None;

    public IEnumerable<NamespaceEntry> All => _committed.ByName.Values;

    public NamespaceEntry? Find(string name) => _committed.ByName.GetValueOrDefault(name);

    public NamespaceEntry? FindById(string id) => _committed.ById.GetValueOrDefault(id);

    public NamespaceEntry Get(string name)
    {
        if (name.Length == 0)
            throw new RpcFailure(RpcStatus.InvalidArgument, "Namespace not set on request.");
        return Find(name) ?? throw NotFound(name);
    }

    /// <summary>On the loop: the namespace as the commands before this one in the batch have left it.</summary>
    public NamespaceEntry GetForUpdate(string name) => FindForUpdate(name) ?? throw NotFound(name);

    public NamespaceEntry? FindForUpdate(string name) => _working.ByName.GetValueOrDefault(name);

    public static RpcFailure NotFound(string name) => RpcFailure.WithDetail(
        RpcStatus.NotFound, $"Namespace {name} is not found.", new NamespaceNotFoundFailure { Namespace = name });

    public void Load(EngineState state)
    {
        var attributes = state.Store.Documents(SearchAttributesKind).ToDictionary(document => document.Key, ReadAttributes);
        _committed = _working = new(state.Store.Documents(DocumentKind).Select(document => Read(document, attributes)));
    }

    static Dictionary<string, IndexedValueType> ReadAttributes(StoredDocument document) =>
        GetSearchAttributesResponse.Parser.ParseFrom(document.Content).Keys.ToDictionary(pair => pair.Key, pair => pair.Value);

    static NamespaceEntry Read(StoredDocument document, Dictionary<string, Dictionary<string, IndexedValueType>> attributes)
    {
        var stored = DescribeNamespaceResponse.Parser.ParseFrom(document.Content);
        return new(
            document.Key, stored.NamespaceInfo.Name, stored.NamespaceInfo, stored.Config,
            attributes.GetValueOrDefault(document.Key) ?? []);
    }

    /// <summary>Adds a namespace or replaces the one with the same id.</summary>
    public void Put(EngineTransaction tx, NamespaceEntry entry)
    {
        tx.PutDocument(
            DocumentKind, entry.Id, new DescribeNamespaceResponse { NamespaceInfo = entry.Info, Config = entry.Config }.ToByteArray());
        var attributes = new GetSearchAttributesResponse();
        foreach (var (name, type) in entry.SearchAttributes)
            attributes.Keys.Add(name, type);
        tx.PutDocument(SearchAttributesKind, entry.Id, attributes.ToByteArray());
        Change(tx, _working.Without(entry.Id).Append(entry));
    }

    public void Remove(EngineTransaction tx, NamespaceEntry entry)
    {
        tx.DeleteDocument(DocumentKind, entry.Id);
        tx.DeleteDocument(SearchAttributesKind, entry.Id);
        Change(tx, _working.Without(entry.Id));
    }

    void Change(EngineTransaction tx, IEnumerable<NamespaceEntry> entries)
    {
        var changed = new Names(entries);
        _working = changed;
        tx.AfterCommit(() => _committed = changed);
    }

    /// <summary>The namespaces that exist from the start.</summary>
    public void EnsureDefault(EngineTransaction tx)
    {
        Ensure(tx, DefaultName, options.DefaultRetention, "");
        Ensure(tx, SystemName, SystemRetention, "Temporal internal system namespace");
    }

    void Ensure(EngineTransaction tx, string name, TimeSpan retention, string description)
    {
        if (FindForUpdate(name) is not null)
            return;
        var id = Guid.NewGuid().ToString();
        var info = new NamespaceInfo { Id = id, Name = name, State = NamespaceState.Registered, Description = description };
        var config = new NamespaceConfig { WorkflowExecutionRetentionTtl = Duration.FromTimeSpan(retention) };
        Put(tx, new(id, name, info, config, new Dictionary<string, IndexedValueType>()));
    }

    /// <summary>All namespaces at one moment.</summary>
    sealed class Names
    {
        public static readonly Names None = new([]);

        public Names(IEnumerable<NamespaceEntry> entries)
        {
            ById = entries.ToDictionary(entry => entry.Id);
            ByName = ById.Values.ToDictionary(entry => entry.Name);
        }

        public Dictionary<string, NamespaceEntry> ByName { get; }

        public Dictionary<string, NamespaceEntry> ById { get; }

        public IEnumerable<NamespaceEntry> Without(string id) => ById.Values.Where(entry => entry.Id != id);
    }
}
