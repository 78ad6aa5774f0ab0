namespace Temporalio.Converters;

/// <summary>A converter or codec that wants to know what it converts for.</summary>
public interface IWithSerializationContext<T>
{
    /// <summary>The same converter, bound to a context; or itself.</summary>
    T WithSerializationContext(ISerializationContext context);
}
