using Google.Protobuf;
using Temporal.Protocol;
using Temporalio.Api.ErrorDetails.V1;
using Temporalio.Api.OperatorService.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Temporal.Engine;

/// <summary>Who may do what over the socket, when the engine has API keys. Callers in the engine's own process may do everything.</summary>
sealed class AccessRules(IReadOnlyList<EngineApiKey> keys, NamespaceRegistry namespaces)
{
    const string Header = "authorization";
    const string Scheme = "Bearer ";
    const string NoKey = "This server wants an API key: set the client's API key, or the header 'authorization: Bearer KEY'.";

    /// <summary>Whose key the call brings; null when the method needs none. Throws UNAUTHENTICATED without a key that is known.</summary>
    public EngineApiKey? Authenticate(RpcServerCall call)
    {
        if (MethodAccess.IsForEveryone(call.Path))
            return null;
        if (!call.Metadata.TryGetValue(Header, out var value) || !value.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
            throw new RpcFailure(RpcStatus.Unauthenticated, NoKey);

        var hash = EngineApiKey.Hash(value[Scheme.Length..]);
        EngineApiKey? caller = null;
        foreach (var key in keys)
        {
            // All of them, so that the time does not tell where in the list a key stands.
            if (key.Has(hash))
                caller = key;
        }

        return caller ?? throw new RpcFailure(RpcStatus.Unauthenticated, "The API key is not known to this server.");
    }

    /// <summary>Throws PERMISSION_DENIED unless the caller may do this in the namespace that the request names.</summary>
    public void Authorize(IMessage request, RpcServerCall call)
    {
        if (call.Caller is not EngineApiKey caller || MethodAccess.IsForEveryKey(call.Path))
            return;

        var permission = MethodAccess.Of(call.Path);
        var ns = NamespaceOf(request);
        if (!caller.May(permission, ns))
            throw Denied(caller, permission, ns);
    }

    /// <summary>Null: the request is about the server, or about a namespace that there is not; both need a permission for all.</summary>
    string? NamespaceOf(IMessage request)
    {
        var name = request switch
        {
            DescribeNamespaceRequest { Id.Length: > 0 } byId => namespaces.FindById(byId.Id)?.Name,
            DeleteNamespaceRequest { NamespaceId.Length: > 0 } byId => namespaces.FindById(byId.NamespaceId)?.Name,
            ListNamespacesRequest => null,
            _ => RequestFields.Of(request).Namespace(request),
        };
        return string.IsNullOrEmpty(name) ? null : name;
    }

    static RpcFailure Denied(EngineApiKey caller, EnginePermission permission, string? ns)
    {
        var where = ns is null ? "the whole server (namespace '*')" : $"namespace '{ns}'";
        var reason = $"The API key '{caller.Name}' has no {permission.ToString().ToLowerInvariant()} permission for {where}.";
        return RpcFailure.WithDetail(
            RpcStatus.PermissionDenied, $"Request unauthorized. {reason}", new PermissionDeniedFailure { Reason = reason });
    }
}
