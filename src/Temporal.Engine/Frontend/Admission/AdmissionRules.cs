using Google.Protobuf;
using Temporal.Protocol;
using Temporalio.Api.OperatorService.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Temporal.Engine;

/// <summary>What holds for all calls alike, before their own handler sees them.</summary>
sealed class AdmissionRules(NamespaceRegistry namespaces, AccessRules? access, TimeProvider time)
{
    /// <summary>A poll with less time than this left could not bring a task back safely.</summary>
    static readonly TimeSpan ShortestPoll = TimeSpan.FromSeconds(2);

    public ValueTask CheckAsync(IMessage request, RpcServerCall call)
    {
        ClientVersions.Check(call);
        // Before anything about the namespace is said, or the answer would tell whether it exists.
        access?.Authorize(request, call);
        var fields = RequestFields.Of(request);
        if (fields.HasNamespace && !HasRulesOfItsOwn(request))
            CheckNamespace(request, fields);
        if (request is PollWorkflowTaskQueueRequest or PollActivityTaskQueueRequest)
            CheckPollTime(call);
        return ValueTask.CompletedTask;
    }

    void CheckNamespace(IMessage request, RequestFields fields)
    {
        var name = fields.Namespace(request);
        // A task token tells the namespace, too.
        if (name.Length == 0 && !fields.HasTaskToken)
            throw new RpcFailure(RpcStatus.InvalidArgument, "Namespace is empty.");
        if (name.Length > 0)
            _ = namespaces.Get(name);
        if (fields.HasTaskToken && fields.TaskTokenIsEmpty(request))
            throw new RpcFailure(RpcStatus.InvalidArgument, "Task token not set on request.");
    }

    void CheckPollTime(RpcServerCall call)
    {
        if (call.Deadline is not { } deadline)
            throw new RpcFailure(RpcStatus.InvalidArgument, "Context timeout is not set.");
        if (deadline - time.GetUtcNow() <= ShortestPoll)
            throw new RpcFailure(RpcStatus.FailedPrecondition, "Context timeout is too short.");
    }

    static bool HasRulesOfItsOwn(IMessage request) => request is RegisterNamespaceRequest or DescribeNamespaceRequest
        or UpdateNamespaceRequest or DeprecateNamespaceRequest or DeleteNamespaceRequest
        or AddSearchAttributesRequest or RemoveSearchAttributesRequest or ListSearchAttributesRequest;
}
