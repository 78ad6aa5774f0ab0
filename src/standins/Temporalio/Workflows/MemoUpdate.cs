namespace Temporalio.Workflows;

/// <summary>A change of one memo field.</summary>
public class MemoUpdate
{
    readonly object? _value;

    MemoUpdate(string key, object? value, bool hasValue)
    {
        UntypedKey = key;
        _value = value;
        HasValue = hasValue;
    }

    /// <summary>Whether it sets a value; false removes the field.</summary>
    public bool HasValue { get; }

    /// <summary>Name of the field.</summary>
    public string UntypedKey { get; }

    /// <summary>The value to set. Throws when there is none.</summary>
    public object UntypedValue =>
        HasValue ? _value! : throw new InvalidOperationException($"The update of memo field '{UntypedKey}' removes it and has no value");

    /// <summary>Sets a field.</summary>
    public static MemoUpdate ValueSet(string key, object value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return new(key, value, hasValue: true);
    }

    /// <summary>Removes a field.</summary>
    public static MemoUpdate ValueUnset(string key) => new(key, null, hasValue: false);
}
