using System.Collections;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Update.V1;
using Temporalio.Api.WorkflowService.V1;
using Temporalio.Converters;
using Message = Temporalio.Api.Protocol.V1.Message;

namespace Temporalio.Worker.Invocation;

/// <summary>Applies a codec to every payload in a message, except search attributes, which the server has to read.</summary>
static class PayloadWalker
{
    static readonly TypeRegistry UpdateTypes = TypeRegistry.FromMessages(
        Request.Descriptor, Acceptance.Descriptor, Rejection.Descriptor, Response.Descriptor);

    public static Task DecodeAsync(IPayloadCodec codec, IEnumerable<IMessage> messages) => WalkAsync(messages, codec.DecodeAsync);

    public static Task EncodeAsync(IPayloadCodec codec, IEnumerable<IMessage> messages) => WalkAsync(messages, codec.EncodeAsync);

    /// <summary>Decodes what comes with a workflow task besides its history: queries and updates.</summary>
    public static async Task DecodeTaskAsync(IPayloadCodec codec, PollWorkflowTaskQueueResponse task)
    {
        if (task.Query is not null)
            await DecodeAsync(codec, [task.Query]);
        await DecodeAsync(codec, task.Queries.Values);
        await WalkPackedAsync(task.Messages, codec.DecodeAsync);
    }

    /// <summary>Encodes what goes out with the reply to a workflow task.</summary>
    public static async Task EncodeReplyAsync(IPayloadCodec codec, RespondWorkflowTaskCompletedRequest reply)
    {
        await EncodeAsync(codec, reply.Commands);
        await EncodeAsync(codec, reply.QueryResults.Values);
        await WalkPackedAsync(reply.Messages, codec.EncodeAsync);
    }

    // The protocol's messages carry their content packed, where a walk over fields does not see it.
    static async Task WalkPackedAsync(
        IEnumerable<Message> messages, Func<IReadOnlyCollection<Payload>, Task<IReadOnlyCollection<Payload>>> apply)
    {
        foreach (var message in messages)
        {
            if (message.Body?.Unpack(UpdateTypes) is not { } content)
                continue;

            await WalkAsync(content, apply);
            message.Body = Any.Pack(content);
        }
    }

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
            if (field.FieldType != FieldType.Message)
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
