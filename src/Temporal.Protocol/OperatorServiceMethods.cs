using Temporalio.Api.OperatorService.V1;

namespace Temporal.Protocol;

/// <summary>The methods of OperatorService that this project uses.</summary>
public static class OperatorServiceMethods
{
    public const string Service = "temporal.api.operatorservice.v1.OperatorService";

    public static readonly RpcMethod<AddSearchAttributesRequest, AddSearchAttributesResponse> AddSearchAttributes = new(Service, nameof(AddSearchAttributes));
    public static readonly RpcMethod<RemoveSearchAttributesRequest, RemoveSearchAttributesResponse> RemoveSearchAttributes = new(Service, nameof(RemoveSearchAttributes));
    public static readonly RpcMethod<ListSearchAttributesRequest, ListSearchAttributesResponse> ListSearchAttributes = new(Service, nameof(ListSearchAttributes));
    public static readonly RpcMethod<DeleteNamespaceRequest, DeleteNamespaceResponse> DeleteNamespace = new(Service, nameof(DeleteNamespace));
}
