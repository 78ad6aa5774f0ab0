using System.Collections;
using Google.Protobuf;
using Temporalio.Api.Common.V1;
using Temporalio.Converters;

namespace Temporalio.Worker.Invocation;

/// <summary>Applies a codec to every payload in a message, except search attributes, which the server has to read.</summary>
static class PayloadWalker
{
    public static Task DecodeAsync(IPayloadCodec codec, IEnumerable<IMessage> messages) => WalkAsync(messages, codec.DecodeAsync);

    public static Task EncodeAsync(IPayloadCodec codec, IEnumerable<IMessage> messages) => WalkAsync(messages, codec.EncodeAsync);

    static async Task WalkAsync(
        IEnumerable<IMessage> messages, Func<IReadOnlyCollection<Payload>, Task<IReadOnlyCollection<Payload>>> apply)
    {
        foreach (var message in messages)
            await WalkAsync(message, apply);
    }

    static async Task WalkAsync(IMessage message, Func<IReadOnlyCollection<Payload>, Task<IReadOnlyCollection<Payload>>> apply)
    {
        switch (message)
        {
            case SearchAttributes:
                return;
            case Payloads { Payloads_.Count: > 0 } payloads:
                var applied = await apply(payloads.Payloads_);
                payloads.Payloads_.Clear();
                payloads.Payloads_.Add(applied);
                return;
            case Payload payload:
                var one = (await apply([payload.Clone()])).Single();
                payload.Metadata.Clear();
                payload.Metadata.Add(one.Metadata);
                payload.Data = one.Data;
                return;
        }

        foreach (var field in message.Descriptor.Fields.InDeclarationOrder())
        {
            if (field.FieldType != Google.Protobuf.Reflection.FieldType.Message)
                continue;

            foreach (var child in Children(field.Accessor.GetValue(message)))
                await WalkAsync(child, apply);
        }
    }

    static List<IMessage> Children(object? value) => value switch
    {
        IMessage child => [child],
        IDictionary map => [.. map.Values.OfType<IMessage>()],
        IEnumerable list => [.. list.OfType<IMessage>()],
        _ => [],
    };
}
