using Temporalio.Api.Command.V1;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Common;
using Temporalio.Converters;
using Temporalio.Workflows;
using Temporalio.Worker.Operations;

namespace Temporalio.Worker.Execution;

/// <summary>Memo and search attributes of a run: as started, with the changes its code made.</summary>
sealed class RunMetadata(WorkflowInstance workflow, Memo? memo, SearchAttributes? searchAttributes)
{
    readonly Dictionary<string, IRawValue> _memo =
        memo?.Fields.ToDictionary(field => field.Key, field => (IRawValue)new RawValue(field.Value), StringComparer.Ordinal) ?? [];

    readonly SearchAttributes _searchAttributes = searchAttributes?.Clone() ?? new();
    SearchAttributeCollection? _typed;

    public IReadOnlyDictionary<string, IRawValue> Memo => _memo;

    public SearchAttributeCollection SearchAttributes => _typed ??= SearchAttributeCollection.FromProto(_searchAttributes);

    /// <summary>The memo for the next run; null when there is none.</summary>
    public Memo? MemoProto()
    {
        if (_memo.Count == 0)
            return null;

        var proto = new Memo();
        foreach (var (key, value) in _memo)
            proto.Fields.Add(key, value.Payload);
        return proto;
    }

    public SearchAttributes? SearchAttributesProto() => _searchAttributes.IndexedFields.Count == 0 ? null : _searchAttributes.Clone();

    public void Upsert(MemoUpdate[] updates)
    {
        workflow.Writable();
        if (updates.Length == 0)
            throw new ArgumentException("At least one memo update is required.", nameof(updates));

        var upserted = new Memo();
        foreach (var update in updates)
        {
            var payload = workflow.PayloadConverter.ToPayload(update.HasValue ? update.UntypedValue : null);
            if (!upserted.Fields.TryAdd(update.UntypedKey, payload))
                throw new ArgumentException($"Memo field '{update.UntypedKey}' is updated twice in one call.", nameof(updates));
        }

        foreach (var update in updates)
        {
            if (update.HasValue)
                _memo[update.UntypedKey] = new RawValue(upserted.Fields[update.UntypedKey]);
            else
                _memo.Remove(update.UntypedKey);
        }

        workflow.Commands.Add(new(
            new PlainOperation(),
            new()
            {
                CommandType = CommandType.ModifyWorkflowProperties,
                ModifyWorkflowPropertiesCommandAttributes = new() { UpsertedMemo = upserted },
            },
            EventType.WorkflowPropertiesModified,
            "memo"));
    }

    public void Upsert(SearchAttributeUpdate[] updates)
    {
        workflow.Writable();
        if (updates.Length == 0)
            throw new ArgumentException("At least one search attribute update is required.", nameof(updates));

        var upserted = new SearchAttributes();
        foreach (var update in updates)
        {
            var payload = SearchAttributePayload.ToPayload(update.UntypedKey, update.HasValue ? update.UntypedValue : null);
            if (!upserted.IndexedFields.TryAdd(update.UntypedKey.Name, payload))
                throw new ArgumentException($"Search attribute '{update.UntypedKey.Name}' is updated twice in one call.", nameof(updates));
        }

        foreach (var update in updates)
        {
            if (update.HasValue)
                _searchAttributes.IndexedFields[update.UntypedKey.Name] = upserted.IndexedFields[update.UntypedKey.Name];
            else
                _searchAttributes.IndexedFields.Remove(update.UntypedKey.Name);
        }

        _typed = null;
        workflow.Commands.Add(new(
            new PlainOperation(),
            new()
            {
                CommandType = CommandType.UpsertWorkflowSearchAttributes,
                UpsertWorkflowSearchAttributesCommandAttributes = new() { SearchAttributes = upserted },
            },
            EventType.UpsertWorkflowSearchAttributes,
            "search attributes"));
    }
}
