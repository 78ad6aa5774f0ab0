using System.Collections;
using System.Diagnostics.CodeAnalysis;
using Temporalio.Api.Common.V1;

namespace Temporalio.Common;

/// <summary>Search attributes with their values. Cannot be changed; make another with a <see cref="Builder"/>.</summary>
public class SearchAttributeCollection : IReadOnlyCollection<SearchAttributeKey>
{
    public static readonly SearchAttributeCollection Empty = new([]);

    readonly SortedDictionary<SearchAttributeKey, object> _values;

    SearchAttributeCollection(SortedDictionary<SearchAttributeKey, object> values) => _values = values;

    public int Count => _values.Count;

    public IReadOnlyDictionary<SearchAttributeKey, object> UntypedValues => _values;

    /// <summary>Reads what the server sent. Attributes of unknown types are left out.</summary>
    public static SearchAttributeCollection FromProto(SearchAttributes searchAttributes)
    {
        if (searchAttributes.IndexedFields.Count == 0)
            return Empty;

        var values = new SortedDictionary<SearchAttributeKey, object>();
        foreach (var (name, payload) in searchAttributes.IndexedFields)
        {
            if (SearchAttributePayload.Read(name, payload) is var (key, value))
                values[key] = value;
        }

        return new(values);
    }

    public SearchAttributes ToProto()
    {
        var proto = new SearchAttributes();
        foreach (var (key, value) in _values)
            proto.IndexedFields.Add(key.Name, SearchAttributePayload.ToPayload(key, value));
        return proto;
    }

    /// <exception cref="KeyNotFoundException">There is no such attribute of that type.</exception>
    public T Get<T>(SearchAttributeKey<T> key)
        where T : notnull =>
        TryGetValue(key, out var value)
            ? value
            : throw new KeyNotFoundException($"There is no search attribute '{key.Name}' of type {key.ValueType}.");

    public bool TryGetValue<T>(SearchAttributeKey<T> key, [MaybeNullWhen(false)] out T value)
        where T : notnull
    {
        var found = _values.TryGetValue(key, out var untyped);
        value = found ? (T)untyped! : default;
        return found;
    }

    public bool ContainsKey<T>(SearchAttributeKey<T> key)
        where T : notnull => _values.ContainsKey(key);

    public bool ContainsKey(string key) => _values.Keys.Any(candidate => candidate.Name == key);

    public IEnumerator<SearchAttributeKey> GetEnumerator() => _values.Keys.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Collects search attributes. Each name occurs once.</summary>
    public class Builder
    {
        readonly SortedDictionary<SearchAttributeKey, object> _values;

        public Builder() => _values = [];

        public Builder(SearchAttributeCollection searchAttributes) => _values = new(searchAttributes._values);

        public Builder Set<T>(SearchAttributeKey<T> key, T value)
            where T : notnull
        {
            Unset(key.Name);
            _values[key] = value;
            return this;
        }

        public Builder Set(SearchAttributeCollection searchAttributes)
        {
            foreach (var (key, value) in searchAttributes._values)
            {
                Unset(key.Name);
                _values[key] = value;
            }

            return this;
        }

        public Builder Unset(SearchAttributeKey key)
        {
            _values.Remove(key);
            return this;
        }

        public Builder Unset(string name)
        {
            foreach (var key in _values.Keys.Where(key => key.Name == name).ToList())
                _values.Remove(key);
            return this;
        }

        public SearchAttributeCollection ToSearchAttributeCollection() =>
            new(new SortedDictionary<SearchAttributeKey, object>(_values));
    }
}
