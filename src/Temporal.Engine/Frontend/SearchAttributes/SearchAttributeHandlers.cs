using Temporal.Protocol;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.OperatorService.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Temporal.Engine;

/// <summary>The custom search attributes of a namespace.</summary>
sealed class SearchAttributeHandlers(EngineState state, EngineLoop loop)
{
    public void AddTo(RpcServiceTable table)
    {
        table.Add(OperatorServiceMethods.ListSearchAttributes, (request, _) => new(List(request)));
        table.Add(OperatorServiceMethods.AddSearchAttributes, async (request, _) => await AddAsync(request));
        table.Add(OperatorServiceMethods.RemoveSearchAttributes, async (request, _) => await RemoveAsync(request));
        table.Add(WorkflowServiceMethods.GetSearchAttributes, (_, _) => new(ListOfAll()));
    }

    ListSearchAttributesResponse List(ListSearchAttributesRequest request) => new()
    {
        CustomAttributes = { state.Namespaces.Get(request.Namespace).SearchAttributes.ToDictionary() },
        SystemAttributes = { SystemSearchAttributes.Types.ToDictionary() },
    };

    /// <summary>
    /// The old call names no namespace. Where custom attributes are columns of one table it shows these columns, and callers
    /// count them to learn how many attributes of a type there may be.
    /// </summary>
    static GetSearchAttributesResponse ListOfAll()
    {
        var response = new GetSearchAttributesResponse { Keys = { SystemSearchAttributes.Types.ToDictionary() } };
        foreach (var (type, most) in SystemSearchAttributes.CustomMax)
        {
            for (var number = 1; number <= most; number++)
                response.Keys[$"{type}{number:00}"] = type;
        }

        return response;
    }

    async Task<AddSearchAttributesResponse> AddAsync(AddSearchAttributesRequest request)
    {
        if (request.SearchAttributes.Count == 0)
            throw new RpcFailure(RpcStatus.InvalidArgument, "SearchAttributes are not set on request.");
        foreach (var name in request.SearchAttributes.Keys)
        {
            if (SystemSearchAttributes.Types.ContainsKey(name))
                throw new RpcFailure(RpcStatus.InvalidArgument, $"Search attribute {name} is reserved by system.");
        }

        _ = state.Namespaces.Get(request.Namespace);
        await loop.RunAsync(tx => Change(tx, request.Namespace, attributes => Add(attributes, request.SearchAttributes)));
        return new();
    }

    async Task<RemoveSearchAttributesResponse> RemoveAsync(RemoveSearchAttributesRequest request)
    {
        if (request.SearchAttributes.Count == 0)
            throw new RpcFailure(RpcStatus.InvalidArgument, "SearchAttributes are not set on request.");
        var system = request.SearchAttributes.Where(SystemSearchAttributes.Types.ContainsKey).ToList();
        if (system.Count > 0)
            throw new RpcFailure(RpcStatus.InvalidArgument, $"Unable to remove non-custom search attributes: {string.Join(", ", system)}.");

        _ = state.Namespaces.Get(request.Namespace);
        await loop.RunAsync(tx => Change(tx, request.Namespace, attributes =>
        {
            foreach (var name in request.SearchAttributes)
                attributes.Remove(name);
        }));
        return new();
    }

    static bool Change(EngineTransaction tx, string name, Action<Dictionary<string, IndexedValueType>> change)
    {
        var registry = tx.State.Namespaces;
        var entry = registry.GetForUpdate(name);
        var attributes = entry.SearchAttributes.ToDictionary();
        change(attributes);
        if (attributes.Count != entry.SearchAttributes.Count)
            registry.Put(tx, entry with { SearchAttributes = attributes });
        return true;
    }

    /// <summary>An attribute that is there keeps its type, whatever the request says: as the real server, no error.</summary>
    static void Add(Dictionary<string, IndexedValueType> attributes, IEnumerable<KeyValuePair<string, IndexedValueType>> added)
    {
        foreach (var (name, type) in added)
        {
            if (!attributes.TryAdd(name, type))
                continue;
            var limit = SystemSearchAttributes.CustomMax.GetValueOrDefault(type);
            if (attributes.Values.Count(other => other == type) > limit)
            {
                throw new RpcFailure(
                    RpcStatus.InvalidArgument,
                    $"Unable to create search attributes: cannot have more than {limit} search attribute of type {type}.");
            }
        }
    }
}
