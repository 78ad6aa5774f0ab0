using Temporalio.Api.Common.V1;
using Temporalio.Converters;

namespace Temporalio.Client;

/// <summary>Memos between messages and values.</summary>
static class MemoValues
{
    public static IReadOnlyDictionary<string, IEncodedRawValue> Read(Memo? memo, DataConverter converter)
    {
        var values = new Dictionary<string, IEncodedRawValue>(memo?.Fields.Count ?? 0, StringComparer.Ordinal);
        foreach (var (name, payload) in memo?.Fields ?? [])
            values[name] = new EncodedRawValue(converter, payload);
        return values;
    }

    public static async Task<Memo?> WriteAsync(IReadOnlyDictionary<string, object>? values, DataConverter converter)
    {
        if (values is null or { Count: 0 })
            return null;

        var memo = new Memo();
        foreach (var (name, value) in values)
        {
            if (value is null)
                throw new ArgumentException($"Memo value '{name}' is null; leave it out instead.", nameof(values));

            // A value taken from a description goes back as it came.
            memo.Fields[name] = value is IEncodedRawValue encoded ? encoded.Payload : await converter.ToPayloadAsync(value);
        }

        return memo;
    }
}
