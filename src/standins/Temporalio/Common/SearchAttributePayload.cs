using System.Globalization;
using Google.Protobuf;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Converters;

namespace Temporalio.Common;

/// <summary>Search attribute values on the wire: always JSON with the type's name beside it, never through a codec.</summary>
static class SearchAttributePayload
{
    public const string TypeKey = "type";

    public static Payload ToPayload(SearchAttributeKey key, object? value)
    {
        var payload = DataConverter.Default.PayloadConverter.ToPayload(value switch
        {
            DateTimeOffset time => time.ToString("O", CultureInfo.InvariantCulture),
            _ => value,
        });
        payload.Metadata[TypeKey] = ByteString.CopyFromUtf8(key.ValueType.ToString());
        return payload;
    }

    /// <summary>The key and value, or null for a type that we do not know or a value that is null.</summary>
    public static (SearchAttributeKey Key, object Value)? Read(string name, Payload payload)
    {
        if (!payload.Metadata.TryGetValue(TypeKey, out var typeName))
            return null;

        return ValueTypeOf(typeName.ToStringUtf8()) switch
        {
            IndexedValueType.Bool => Read(SearchAttributeKey.CreateBool(name), Single<bool?>(payload)),
            IndexedValueType.Datetime => Read(SearchAttributeKey.CreateDateTimeOffset(name), Single<DateTimeOffset?>(payload)),
            IndexedValueType.Double => Read(SearchAttributeKey.CreateDouble(name), Single<double?>(payload)),
            IndexedValueType.Int => Read(SearchAttributeKey.CreateLong(name), Single<long?>(payload)),
            IndexedValueType.Keyword => Read(SearchAttributeKey.CreateKeyword(name), Single<string?>(payload)),
            IndexedValueType.Text => Read(SearchAttributeKey.CreateText(name), Single<string?>(payload)),
            IndexedValueType.KeywordList => Read(SearchAttributeKey.CreateKeywordList(name), List(payload)),
            _ => null,
        };
    }

    static (SearchAttributeKey Key, object Value)? Read(SearchAttributeKey key, object? value) =>
        value is null ? null : (key, value);

    static T Value<T>(Payload payload) => DataConverter.Default.PayloadConverter.ToValue<T>(payload);

    // The server gives a single value as a list of one when it was set so, as the TypeScript SDK does for every type.
    static T? Single<T>(Payload payload) =>
        IsJsonList(payload) ? Value<List<T?>>(payload).FirstOrDefault() : Value<T?>(payload);

    static List<string>? List(Payload payload) =>
        IsJsonList(payload) ? Value<List<string>?>(payload) : Value<string?>(payload) is { } one ? [one] : null;

    static bool IsJsonList(Payload payload) => payload.Data is { Length: > 0 } data && data[0] == (byte)'[';

    // Both the enum member's name and the proto's name are in use between servers and SDKs.
    static IndexedValueType ValueTypeOf(string name) => name switch
    {
        "Bool" or "INDEXED_VALUE_TYPE_BOOL" => IndexedValueType.Bool,
        "Datetime" or "INDEXED_VALUE_TYPE_DATETIME" => IndexedValueType.Datetime,
        "Double" or "INDEXED_VALUE_TYPE_DOUBLE" => IndexedValueType.Double,
        "Int" or "INDEXED_VALUE_TYPE_INT" => IndexedValueType.Int,
        "Keyword" or "INDEXED_VALUE_TYPE_KEYWORD" => IndexedValueType.Keyword,
        "KeywordList" or "INDEXED_VALUE_TYPE_KEYWORD_LIST" => IndexedValueType.KeywordList,
        "Text" or "INDEXED_VALUE_TYPE_TEXT" => IndexedValueType.Text,
        _ => IndexedValueType.Unspecified,
    };
}
