using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Temporal.Protocol;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.ErrorDetails.V1;
using Temporalio.Api.Namespace.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Temporal.Engine;

/// <summary>One namespace, never changed: an update replaces it.</summary>
sealed record NamespaceEntry(string Id, string Name, NamespaceInfo Info, NamespaceConfig Config, IReadOnlyDictionary<string, IndexedValueType> SearchAttributes)
{
    public TimeSpan Retention => Config.WorkflowExecutionRetentionTtl.ToTimeSpan();
}

/// <summary>
/// The namespaces and their custom search attributes. Stored as documents: kind <c>namespace</c>, key = id, content = a
/// DescribeNamespaceResponse; custom search attributes under kind <c>search-attributes</c> as a GetSearchAttributesResponse.
/// Reads are safe on any thread.
/// </summary>
sealed class NamespaceRegistry(EngineOptions options)
{
    public const string DocumentKind = "namespace";
    public const string SearchAttributesKind = "search-attributes";
    public const string DefaultName = "default";

    volatile IReadOnlyDictionary<string, NamespaceEntry> _byName = new Dictionary<string, NamespaceEntry>();

    public IEnumerable<NamespaceEntry> All => _byName.Values;

    public NamespaceEntry? Find(string name) => _byName.GetValueOrDefault(name);

    public NamespaceEntry? FindById(string id) => _byName.Values.FirstOrDefault(entry => entry.Id == id);

    public NamespaceEntry Get(string name)
    {
        if (name.Length == 0)
            throw new RpcFailure(RpcStatus.InvalidArgument, "Namespace not set on request.");
        return Find(name) ?? throw RpcFailure.WithDetail(
            RpcStatus.NotFound, $"Namespace {name} is not found.", new NamespaceNotFoundFailure { Namespace = name });
    }

    public void Load(EngineState state)
    {
        var attributes = state.Store.Documents(SearchAttributesKind).ToDictionary(document => document.Key, ReadAttributes);
        _byName = state.Store.Documents(DocumentKind)
            .Select(document => Read(document, attributes))
            .ToDictionary(entry => entry.Name);
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
        tx.PutDocument(DocumentKind, entry.Id, new DescribeNamespaceResponse { NamespaceInfo = entry.Info, Config = entry.Config }.ToByteArray());
        var attributes = new GetSearchAttributesResponse();
        foreach (var (name, type) in entry.SearchAttributes)
            attributes.Keys.Add(name, type);
        tx.PutDocument(SearchAttributesKind, entry.Id, attributes.ToByteArray());
        _byName = _byName.Values.Where(other => other.Id != entry.Id).Append(entry).ToDictionary(other => other.Name);
    }

    public void Remove(EngineTransaction tx, NamespaceEntry entry)
    {
        tx.DeleteDocument(DocumentKind, entry.Id);
        tx.DeleteDocument(SearchAttributesKind, entry.Id);
        _byName = _byName.Values.Where(other => other.Id != entry.Id).ToDictionary(other => other.Name);
    }

    /// <summary>The namespace that exists from the start.</summary>
    public void EnsureDefault(EngineTransaction tx)
    {
        if (Find(DefaultName) is not null)
            return;
        var id = Guid.NewGuid().ToString();
        var info = new NamespaceInfo { Id = id, Name = DefaultName, State = NamespaceState.Registered };
        var config = new NamespaceConfig { WorkflowExecutionRetentionTtl = Duration.FromTimeSpan(options.DefaultRetention) };
        Put(tx, new(id, DefaultName, info, config, new Dictionary<string, IndexedValueType>()));
    }
}
