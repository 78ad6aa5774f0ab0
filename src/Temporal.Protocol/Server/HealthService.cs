using Grpc.Health.V1;
using static Grpc.Health.V1.HealthCheckResponse.Types;

namespace Temporal.Protocol;

/// <summary>
/// gRPC's health service. Its stream, Watch, is not there: UNIMPLEMENTED is what the health protocol has callers expect
/// of a server without it.
/// </summary>
public static class HealthService
{
    public static readonly RpcMethod<HealthCheckRequest, HealthCheckResponse> Check = new("grpc.health.v1.Health", nameof(Check));

    /// <param name="table">Where the service is added.</param>
    /// <param name="services">Full names of the services that can be asked for; the empty name means the whole server.</param>
    /// <param name="isServing">Whether they can be called now.</param>
    public static void AddTo(RpcServiceTable table, IReadOnlyCollection<string> services, Func<bool> isServing) =>
        table.Add(Check, (request, _) => request.Service.Length == 0 || services.Contains(request.Service)
            ? ValueTask.FromResult(new HealthCheckResponse { Status = isServing() ? ServingStatus.Serving : ServingStatus.NotServing })
            : throw new RpcFailure(RpcStatus.NotFound, "unknown service"));
}
