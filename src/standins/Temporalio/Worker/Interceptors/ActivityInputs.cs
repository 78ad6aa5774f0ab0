using Temporalio.Activities;
using Temporalio.Api.Common.V1;

namespace Temporalio.Worker.Interceptors;

/// <summary>A call of an activity.</summary>
/// <param name="Activity">Its definition.</param>
/// <param name="Args">Converted arguments.</param>
/// <param name="Headers">Headers.</param>
public record ExecuteActivityInput(ActivityDefinition Activity, object?[] Args, IReadOnlyDictionary<string, Payload>? Headers);

/// <summary>A heartbeat to record.</summary>
/// <param name="Details">Details.</param>
public record HeartbeatInput(object?[] Details);
