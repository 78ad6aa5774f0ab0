using Temporalio.Common;

namespace Temporalio.Workflows;

/// <summary>A change of one search attribute.</summary>
public abstract class SearchAttributeUpdate
{
    private protected SearchAttributeUpdate(bool hasValue) => HasValue = hasValue;

    /// <summary>Whether it sets a value; false removes the attribute.</summary>
    public bool HasValue { get; }

    /// <summary>Its key.</summary>
    public abstract SearchAttributeKey UntypedKey { get; }

    /// <summary>The value to set. Throws when there is none.</summary>
    public abstract object UntypedValue { get; }

    /// <summary>Sets a value.</summary>
    /// <typeparam name="T">Type of the attribute.</typeparam>
    public static SearchAttributeUpdate<T> ValueSet<T>(SearchAttributeKey<T> key, T value)
        where T : notnull => new(key, value);

    /// <summary>Removes an attribute.</summary>
    /// <typeparam name="T">Type of the attribute.</typeparam>
    public static SearchAttributeUpdate<T> ValueUnset<T>(SearchAttributeKey<T> key)
        where T : notnull => new(key);
}

/// <summary>A change of one search attribute of a known type.</summary>
/// <typeparam name="T">Type of the attribute.</typeparam>
public class SearchAttributeUpdate<T> : SearchAttributeUpdate
    where T : notnull
{
    readonly T _value;

    internal SearchAttributeUpdate(SearchAttributeKey<T> key, T value)
        : base(hasValue: true)
    {
        ArgumentNullException.ThrowIfNull(value);
        Key = key;
        _value = value;
    }

    internal SearchAttributeUpdate(SearchAttributeKey<T> key)
        : base(hasValue: false)
    {
        Key = key;
        _value = default!;
    }

    /// <summary>Its key.</summary>
    public SearchAttributeKey<T> Key { get; }

    /// <summary>The value to set. Throws when there is none.</summary>
    public T Value => HasValue
        ? _value
        : throw new InvalidOperationException($"The update of search attribute '{Key.Name}' removes it and has no value");

    /// <inheritdoc />
    public override SearchAttributeKey UntypedKey => Key;

    /// <inheritdoc />
    public override object UntypedValue => Value;
}
