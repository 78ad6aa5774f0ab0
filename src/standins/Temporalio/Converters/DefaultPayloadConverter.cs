using System.Text.Json;
using Google.Protobuf;
using Temporalio.Api.Common.V1;

namespace Temporalio.Converters;

/// <summary>
/// Asks its encoding converters in order when writing, and picks by the payload's encoding when reading. By default:
/// null, bytes, protobuf as JSON, protobuf as bytes, JSON.
/// </summary>
public class DefaultPayloadConverter : IPayloadConverter, IWithSerializationContext<IPayloadConverter>
{
    readonly IEncodingConverter[] _converters;
    readonly Dictionary<ByteString, IEncodingConverter> _byEncoding;

    public DefaultPayloadConverter()
        : this(JsonSerializerOptions.Default)
    {
    }

    /// <param name="jsonSerializerOptions">For <c>json/plain</c>.</param>
    public DefaultPayloadConverter(JsonSerializerOptions jsonSerializerOptions)
        : this(
            new BinaryNullConverter(),
            new BinaryPlainConverter(),
            new JsonProtoConverter(),
            new BinaryProtoConverter(),
            new JsonPlainConverter(jsonSerializerOptions))
    {
    }

    public DefaultPayloadConverter(params IEncodingConverter[] encodingConverters)
    {
        _converters = encodingConverters;
        _byEncoding = encodingConverters.ToDictionary(converter => ByteString.CopyFromUtf8(converter.Encoding));
    }

    public IReadOnlyCollection<IEncodingConverter> EncodingConverters => _converters;

    protected IReadOnlyDictionary<ByteString, IEncodingConverter> IndexedEncodingConverters => _byEncoding;

    /// <exception cref="ArgumentException">No converter takes the value.</exception>
    public Payload ToPayload(object? value)
    {
        if (value is IRawValue raw)
            return raw.Payload;

        foreach (var converter in _converters)
        {
            if (converter.TryToPayload(value, out var payload))
                return payload;
        }

        throw new ArgumentException($"No encoding converter takes a value of type {value?.GetType()}.", nameof(value));
    }

    /// <exception cref="ArgumentException">The payload has no encoding, or one that no converter reads.</exception>
    public object? ToValue(Payload payload, Type type)
    {
        if (type == typeof(IRawValue) || type == typeof(RawValue))
            return new RawValue(payload);

        if (!payload.Metadata.TryGetValue(PayloadEncoding.EncodingKey, out var encoding))
            throw new ArgumentException("The payload has no 'encoding' in its metadata.", nameof(payload));
        if (!_byEncoding.TryGetValue(encoding, out var converter))
        {
            throw new ArgumentException(
                $"The payload has encoding '{encoding.ToStringUtf8()}', and no converter reads it. " +
                "Was it encoded by a codec that this client or worker does not have?",
                nameof(payload));
        }

        return converter.ToValue(payload, type);
    }

    public virtual IPayloadConverter WithSerializationContext(ISerializationContext context)
    {
        if (!Array.Exists(_converters, converter => converter is IWithSerializationContext<IEncodingConverter>))
            return this;

        return new DefaultPayloadConverter(Array.ConvertAll(
            _converters,
            converter => converter is IWithSerializationContext<IEncodingConverter> aware
                ? aware.WithSerializationContext(context)
                : converter));
    }
}
