using System.Text;
using Google.Protobuf;
using Temporal.Protocol;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.ErrorDetails.V1;
using Temporalio.Api.Namespace.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Temporal.Engine;

/// <summary>Register, describe, list and deprecate namespaces.</summary>
sealed class NamespaceHandlers(EngineState state, EngineLoop loop)
{
    const int PageSizeDefault = 100;

    public void AddTo(RpcServiceTable table)
    {
        table.Add(WorkflowServiceMethods.RegisterNamespace, async (request, _) => await RegisterAsync(request));
        table.Add(WorkflowServiceMethods.DescribeNamespace, (request, _) => new(NamespaceAnswers.Describe(Find(request))));
        table.Add(WorkflowServiceMethods.ListNamespaces, (request, _) => new(List(request)));
        table.Add(WorkflowServiceMethods.DeprecateNamespace, async (request, _) => await DeprecateAsync(request));
        table.Add(WorkflowServiceMethods.UpdateNamespace, async (request, _) =>
            NamespaceAnswers.Updated(await loop.RunAsync(tx => NamespaceUpdate.Apply(tx, request))));
    }

    Task<RegisterNamespaceResponse> RegisterAsync(RegisterNamespaceRequest request)
    {
        NamespaceRules.CheckNew(request);
        var info = new NamespaceInfo
        {
            Id = Guid.NewGuid().ToString(),
            Name = request.Namespace,
            State = NamespaceState.Registered,
            Description = request.Description,
            OwnerEmail = request.OwnerEmail,
            Data = { request.Data },
        };
        var config = new NamespaceConfig { WorkflowExecutionRetentionTtl = request.WorkflowExecutionRetentionPeriod };

        return loop.RunAsync(tx =>
        {
            if (state.Namespaces.FindForUpdate(info.Name) is not null)
            {
                throw RpcFailure.WithDetail(
                    RpcStatus.AlreadyExists, $"Namespace \"{info.Name}\" already exists", new NamespaceAlreadyExistsFailure());
            }

            state.Namespaces.Put(tx, new(info.Id, info.Name, info, config, new Dictionary<string, IndexedValueType>()));
            return new RegisterNamespaceResponse();
        });
    }

    NamespaceEntry Find(DescribeNamespaceRequest request)
    {
        if (request.Id.Length == 0)
            return state.Namespaces.Get(request.Namespace);
        if (request.Namespace.Length > 0)
            throw NamespaceRules.Invalid("GetNamespace operation failed.  Both ID and Name specified in request.");
        if (!Guid.TryParse(request.Id, out _))
            throw new RpcFailure(RpcStatus.Unknown, $"invalid UUID length: {request.Id.Length}");
        return state.Namespaces.FindById(request.Id) ?? throw NamespaceRegistry.NotFound(request.Id);
    }

    /// <summary>In the order of names; a page's token is the last name of the page before.</summary>
    ListNamespacesResponse List(ListNamespacesRequest request)
    {
        var after = request.NextPageToken.ToStringUtf8();
        var size = request.PageSize > 0 ? request.PageSize : PageSizeDefault;
        var found = state.Namespaces.All
            .Where(entry => entry.Info.State != NamespaceState.Deleted || request.NamespaceFilter?.IncludeDeleted == true)
            .Where(entry => string.CompareOrdinal(entry.Name, after) > 0)
            .OrderBy(entry => entry.Name, StringComparer.Ordinal)
            .Take(size + 1)
            .ToList();

        var page = new ListNamespacesResponse();
        page.Namespaces.AddRange(found.Take(size).Select(NamespaceAnswers.Describe));
        if (found.Count > size)
            page.NextPageToken = ByteString.CopyFrom(found[size - 1].Name, Encoding.UTF8);
        return page;
    }

    Task<DeprecateNamespaceResponse> DeprecateAsync(DeprecateNamespaceRequest request)
    {
        NamespaceRules.CheckName(request.Namespace);
        return loop.RunAsync(tx =>
        {
            var entry = state.Namespaces.GetForUpdate(request.Namespace);
            var info = entry.Info.Clone();
            info.State = NamespaceState.Deprecated;
            state.Namespaces.Put(tx, entry with { Info = info });
            return new DeprecateNamespaceResponse();
        });
    }
}
