using System.Collections.Concurrent;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Temporalio.Converters;

/// <summary>Descriptors of message types, looked up once per type.</summary>
static class ProtoTypes
{
    static readonly ConcurrentDictionary<Type, MessageDescriptor> Descriptors = new();

    /// <exception cref="ArgumentException">The type is not a protobuf message.</exception>
    public static MessageDescriptor DescriptorOf(Type type) => Descriptors.GetOrAdd(type, static type =>
    {
        if (!typeof(IMessage).IsAssignableFrom(type) || type.GetConstructor(Type.EmptyTypes) is null)
            throw new ArgumentException($"The payload is a protobuf message and cannot be read as {type}.", nameof(type));

        return ((IMessage)Activator.CreateInstance(type)!).Descriptor;
    });
}
