using Google.Protobuf;
using Google.Protobuf.Reflection;
using Temporal.Protocol;
using Temporalio.Api.Common.V1;
using Temporalio.Api.WorkflowService.V1;
using Temporalio.Exceptions;

namespace Temporalio.Worker.Tasks;

/// <summary>
/// What the server takes in one field. It ends a workflow whose command has more; the worker fails the task instead, so that repaired
/// code can go on.
/// </summary>
sealed class PayloadLimit(WorkerRpc rpc, bool isOff)
{
    /// <summary>No server is set to less, so smaller commands are sent without asking it.</summary>
    const int AlwaysTaken = 64 * 1024;

    long? _limit;

    /// <summary>Why the server would refuse it; null when it would not.</summary>
    public async Task<string?> ProblemAsync(RespondWorkflowTaskCompletedRequest request, CancellationToken cancellationToken)
    {
        if (isOff || request.Commands.All(command => command.CalculateSize() <= AlwaysTaken))
            return null;

        var limit = _limit ??= await AskAsync(cancellationToken);
        var largest = request.Commands.Max(command => command.CalculateSize() > limit ? Largest(command) : 0);
        return largest > limit
            ? "[TMPRL1103] Attempted to upload payloads with size that exceeded the error limit: "
                + $"{largest} bytes in one field, and the namespace takes {limit}. Pass a reference to the data instead."
            : null;
    }

    async Task<long> AskAsync(CancellationToken cancellationToken)
    {
        try
        {
            var answer = await rpc.CallAsync(
                WorkflowServiceMethods.DescribeNamespace, new() { Namespace = rpc.Namespace }, cancellationToken);
            return answer.NamespaceInfo?.Limits?.BlobSizeLimitError is > 0 and var limit ? limit : long.MaxValue;
        }
        catch (RpcException refused)
            when (refused.Code is RpcException.StatusCode.Unimplemented or RpcException.StatusCode.PermissionDenied)
        {
            // The server does not tell this worker, and decides by itself.
            return long.MaxValue;
        }
    }

    static int Largest(IMessage message)
    {
        var largest = message is Payloads or Payload ? message.CalculateSize() : 0;
        foreach (var field in message.Descriptor.Fields.InDeclarationOrder())
        {
            if (field.FieldType == FieldType.Message && !field.IsRepeated && field.Accessor.GetValue(message) is IMessage inner)
                largest = Math.Max(largest, Largest(inner));
        }

        return largest;
    }
}
