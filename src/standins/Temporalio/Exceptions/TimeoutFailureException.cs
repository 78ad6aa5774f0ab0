using Temporalio.Api.Enums.V1;
using Temporalio.Api.Failure.V1;
using Temporalio.Converters;

namespace Temporalio.Exceptions;

/// <summary>A workflow or activity took longer than one of its timeouts.</summary>
public class TimeoutFailureException : FailureException
{
    protected internal TimeoutFailureException(Failure failure, Exception? inner, IPayloadConverter converter)
        : base(failure, inner) =>
        LastHeartbeatDetails = new(converter, failure.TimeoutFailureInfo?.LastHeartbeatDetails?.Payloads_);

    public new Failure Failure => base.Failure!;

    /// <summary>Which of the timeouts ran out.</summary>
    public TimeoutType TimeoutType => Failure.TimeoutFailureInfo?.TimeoutType ?? TimeoutType.Unspecified;

    /// <summary>Details of the last heartbeat before the timeout; empty when there was none.</summary>
    public InboundFailureDetails LastHeartbeatDetails { get; protected init; }
}
