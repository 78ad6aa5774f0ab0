using Google.Protobuf.Collections;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Failure.V1;

namespace Temporalio.Converters;

/// <summary>A codec applied to one payload, or to every payload inside a failure.</summary>
public static class PayloadCodecExtensions
{
    /// <exception cref="ArgumentException">The codec gave back another number than one.</exception>
    public static async Task<Payload> EncodeSingleAsync(this IPayloadCodec codec, Payload payload) =>
        Single(await codec.EncodeAsync([payload]));

    /// <inheritdoc cref="EncodeSingleAsync"/>
    public static async Task<Payload> DecodeSingleAsync(this IPayloadCodec codec, Payload payload) =>
        Single(await codec.DecodeAsync([payload]));

    /// <summary>Encodes all payloads of the failure and its causes, in place.</summary>
    public static Task EncodeFailureAsync(this IPayloadCodec codec, Failure failure) =>
        ApplyAsync(failure, codec.EncodeAsync);

    /// <summary>Decodes all payloads of the failure and its causes, in place.</summary>
    public static Task DecodeFailureAsync(this IPayloadCodec codec, Failure failure) =>
        ApplyAsync(failure, codec.DecodeAsync);

    static async Task ApplyAsync(
        Failure failure, Func<IReadOnlyCollection<Payload>, Task<IReadOnlyCollection<Payload>>> change)
    {
        for (Failure? current = failure; current is not null; current = current.Cause)
        {
            if (current.EncodedAttributes is { } attributes)
                current.EncodedAttributes = Single(await change([attributes]));

            if (DetailsOf(current) is { Count: > 0 } details)
            {
                var changed = await change([.. details]);
                details.Clear();
                details.AddRange(changed);
            }
        }
    }

    static RepeatedField<Payload>? DetailsOf(Failure failure) => failure.FailureInfoCase switch
    {
        Failure.FailureInfoOneofCase.ApplicationFailureInfo => failure.ApplicationFailureInfo.Details?.Payloads_,
        Failure.FailureInfoOneofCase.CanceledFailureInfo => failure.CanceledFailureInfo.Details?.Payloads_,
        Failure.FailureInfoOneofCase.TimeoutFailureInfo => failure.TimeoutFailureInfo.LastHeartbeatDetails?.Payloads_,
        Failure.FailureInfoOneofCase.ResetWorkflowFailureInfo =>
            failure.ResetWorkflowFailureInfo.LastHeartbeatDetails?.Payloads_,
        _ => null,
    };

    static Payload Single(IReadOnlyCollection<Payload> payloads) =>
        payloads.Count == 1
            ? payloads.First()
            : throw new ArgumentException($"The codec answered {payloads.Count} payloads for one.", nameof(payloads));
}
