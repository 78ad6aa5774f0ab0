using System.Text.Json;
using Maintenance.Jobs.Attempts;
using Maintenance.Jobs.Definition;
using Maintenance.Schedules;
using Temporalio.Activities;
using Temporalio.Exceptions;

namespace Maintenance.Jobs.Calls;

/// <summary>
/// The C# activities of this host's plug-ins, called by name with one JSON object. They are plain Temporal activities: the same context,
/// the same exceptions. What they return becomes outputs.
/// </summary>
public sealed class PluginActivities(IReadOnlyList<ActivityDefinition> definitions)
{
    readonly Dictionary<string, ActivityDefinition> _byName = definitions.Where(d => d.Name is not null).ToDictionary(
        d => d.Name!, StringComparer.Ordinal);

    internal async Task<CallResult> CallAsync(ActivityStep step)
    {
        if (!_byName.TryGetValue(step.Activity, out var definition))
            return CallResult.Impossible(
                "ACTIVITY",
                _byName.Count == 0
                    ? $"This host has no activity '{step.Activity}': no plug-in is loaded. Name its assembly in Worker:Plugins."
                    : $"This host has no activity '{step.Activity}'. {NearestName.Suggest(step.Activity, [.. _byName.Keys])}");
        object?[] arguments;
        try
        {
            arguments = Arguments(definition, step.InputJson);
        }
        catch (JsonException unfit)
        {
            return CallResult.Impossible("INPUT", $"The input does not fit the activity '{step.Activity}': {unfit.Message}");
        }

        try
        {
            return new CallResult(new AttemptOutcome.Done()) { Outputs = OutputsOf(await definition.InvokeAsync(arguments)) };
        }
        catch (ApplicationFailureException failed)
        {
            return CallResult.Of(new AttemptOutcome.Failed($"failed: {failed.Message.TrimEnd('.')}", Final: failed.NonRetryable));
        }
        catch (Exception failed) when (failed is not OperationCanceledException)
        {
            // Whatever a plug-in throws is the end of its step, never of the worker; the type says whose mistake it was.
            var outcome = new AttemptOutcome.Failed($"failed: {failed.GetType().Name}: {failed.Message.TrimEnd('.')}", Final: false);
            return CallResult.Of(outcome) with { Output = failed.ToString() };
        }
    }

    static object?[] Arguments(ActivityDefinition definition, string? inputJson) => definition.ParameterTypes.Count switch
    {
        0 when inputJson is null or "{}" => [],
        0 => throw new JsonException("it takes none."),
        1 => [JsonSerializer.Deserialize(inputJson ?? "{}", definition.ParameterTypes.First(), JsonSerializerOptions.Web)],
        _ => throw new JsonException("it takes more than one value; an activity of a plug-in takes one object."),
    };

    /// <summary>Members of an object, a list as lines of JSON; a single value is the output "result".</summary>
    static Dictionary<string, string> OutputsOf(object? result)
    {
        if (result is null or ValueTuple)
            return [];
        var json = JsonSerializer.SerializeToElement(result, result.GetType(), JsonSerializerOptions.Web);
        return json.ValueKind == JsonValueKind.Object
            ? json.EnumerateObject().ToDictionary(m => m.Name, m => JsonPointer.Text(m.Value))
            : new Dictionary<string, string> { ["result"] = JsonPointer.Text(json) };
    }
}
