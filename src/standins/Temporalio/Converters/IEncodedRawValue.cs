using Temporalio.Api.Common.V1;

namespace Temporalio.Converters;

/// <summary>A payload that is decoded (codec and converter) when asked for.</summary>
public interface IEncodedRawValue
{
    Payload Payload { get; }

    Task<T> ToValueAsync<T>();

    Task<object?> ToValueAsync(Type type);
}
