using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace Temporalio.Worker.Execution;

/// <summary>Handlers by name that tells when one is set.</summary>
sealed class HandlerMap<T>(WorkflowInstance workflow, IReadOnlyDictionary<string, T> initial, Func<T, string?> nameOf, Action<string> onSet)
    : IDictionary<string, T>
    where T : class
{
    // Most workflows never change their handlers, and then share the definition's.
    Dictionary<string, T>? _own;

    public ICollection<string> Keys => [.. Current.Keys];

    public ICollection<T> Values => [.. Current.Values];

    public int Count => Current.Count;

    public bool IsReadOnly => false;

    IReadOnlyDictionary<string, T> Current => _own ?? initial;

    public T this[string key]
    {
        get => Current[key];
        set
        {
            if (nameOf(value) != key)
                throw new ArgumentException(
                    $"The handler is named '{nameOf(value) ?? "(dynamic)"}' and cannot be set as '{key}'.", nameof(value));
            Own()[key] = value;
            onSet(key);
        }
    }

    public void Add(string key, T value)
    {
        if (ContainsKey(key))
            throw new ArgumentException($"There is already a handler named '{key}'.", nameof(key));
        this[key] = value;
    }

    public void Add(KeyValuePair<string, T> item) => Add(item.Key, item.Value);

    public bool Remove(string key) => Own().Remove(key);

    public bool Remove(KeyValuePair<string, T> item) => Own().Remove(item.Key);

    public void Clear() => Own().Clear();

    public bool ContainsKey(string key) => Current.ContainsKey(key);

    public bool Contains(KeyValuePair<string, T> item) => Current.Contains(item);

    public bool TryGetValue(string key, [MaybeNullWhen(false)] out T value) => Current.TryGetValue(key, out value);

    public void CopyTo(KeyValuePair<string, T>[] array, int arrayIndex) => Current.ToArray().CopyTo(array, arrayIndex);

    public IEnumerator<KeyValuePair<string, T>> GetEnumerator() => Current.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    Dictionary<string, T> Own()
    {
        workflow.Writable();
        return _own ??= new(initial, StringComparer.Ordinal);
    }
}
