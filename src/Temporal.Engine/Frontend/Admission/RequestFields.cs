using System.Collections.Concurrent;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Temporal.Engine;

/// <summary>The fields that many requests have in common, by name. Looked up once per type of request.</summary>
sealed class RequestFields
{
    static readonly ConcurrentDictionary<MessageDescriptor, RequestFields> Known = new();

    readonly IFieldAccessor? _namespace;
    readonly IFieldAccessor? _taskToken;

    RequestFields(MessageDescriptor request)
    {
        _namespace = request.FindFieldByName("namespace")?.Accessor;
        _taskToken = request.FindFieldByName("task_token")?.Accessor;
    }

    public bool HasNamespace => _namespace is not null;

    public bool HasTaskToken => _taskToken is not null;

    public static RequestFields Of(IMessage request) => Known.GetOrAdd(request.Descriptor, static type => new(type));

    public string Namespace(IMessage request) => _namespace?.GetValue(request) as string ?? "";

    public bool TaskTokenIsEmpty(IMessage request) => (_taskToken?.GetValue(request) as ByteString)?.IsEmpty ?? true;
}
