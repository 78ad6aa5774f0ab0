using System.Globalization;
using System.Text.RegularExpressions;
using Temporal.Engine.Schedules;
using Temporalio.Api.Enums.V1;

namespace Temporal.Engine.Visibility;

/// <summary>What a literal means to the attribute that it is compared with.</summary>
static partial class QueryValues
{
    const string Status = "ExecutionStatus";
    const string Duration = "ExecutionDuration";

    public static object Read(QueryColumn column, object literal) => column switch
    {
        { IsCustom: false, Name: Status } => ReadStatus(literal),
        { IsCustom: false, Name: Duration } => ReadDuration(literal),
        _ => column.Type switch
        {
            IndexedValueType.Int or IndexedValueType.Double when literal is long or double => literal,
            IndexedValueType.Datetime when literal is long nanoseconds => DateTime.UnixEpoch.AddTicks(nanoseconds / 100),
            IndexedValueType.Datetime when literal is string text => ReadTime(text),
            IndexedValueType.Keyword or IndexedValueType.KeywordList or IndexedValueType.Text when literal is string => literal,
            _ => throw QueryException.Invalid(
                $"invalid value type for search attribute {column.Alias} of type {column.Type}: {Shown(literal)} "
                    + $"(type: {TypeName(literal)})"),
        },
    };

    /// <summary>The name of a status as queries and groups write it.</summary>
    public static string NameOf(long status) => ((WorkflowExecutionStatus)status).ToString();

    static long ReadStatus(object literal)
    {
        switch (literal)
        {
            case long number when Enum.IsDefined((WorkflowExecutionStatus)(int)number):
                return number;
            case long number:
                throw QueryException.Invalid($"invalid {Status} value {number}");
            case string text when StatusOf(text) is { } status:
                return status;
            case string text:
                throw QueryException.Invalid($"invalid {Status} value '{text}'");
            default:
                throw QueryException.Invalid($"unexpected value type {TypeName(literal)} for search attribute {Status}");
        }
    }

    // By its short name, or by the one that the API's enumeration has.
    static long? StatusOf(string text)
    {
        foreach (var status in Enum.GetValues<WorkflowExecutionStatus>())
        {
            var name = status.ToString();
            if (text == name || text == "WORKFLOW_EXECUTION_STATUS_" + WordEnds().Replace(name, "_").ToUpperInvariant())
                return (long)status;
        }

        return null;
    }

    static long ReadDuration(object literal)
    {
        switch (literal)
        {
            case long nanoseconds:
                return nanoseconds;
            case string text when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var nanoseconds):
                return nanoseconds;
            case string text when GoDuration.Parse(text) is { Error: null } parsed:
                return parsed.Nanos;
            case string text when ClockForm().Match(text) is { Success: true } clock:
                var seconds = (Part(clock, 1) * 3600) + (Part(clock, 2) * 60) + Part(clock, 3);
                return seconds * 1_000_000_000;
            case string text:
                throw QueryException.Invalid($"invalid duration value for search attribute {Duration}: {text}");
            default:
                throw QueryException.Invalid($"unexpected value type {TypeName(literal)} for search attribute {Duration}");
        }
    }

    static long Part(Match clock, int group) => long.Parse(clock.Groups[group].ValueSpan, CultureInfo.InvariantCulture);

    static DateTime ReadTime(string text) =>
        TryReadTime(text, out var time) ? time : throw QueryException.Invalid($"unable to parse datetime '{text}'");

    /// <summary>Reads a time as RFC 3339 has it: a date, a time and a zone.</summary>
    public static bool TryReadTime(string text, out DateTime time)
    {
        time = default;
        if (!TimeForm().IsMatch(text) || !DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var parsed))
            return false;
        time = parsed.UtcDateTime;
        return true;
    }

    static string Shown(object literal) =>
        literal is string text ? GoDuration.Quote(text) : Convert.ToString(literal, CultureInfo.InvariantCulture)!;

    static string TypeName(object literal) => literal switch
    {
        long => "int64",
        double => "float64",
        _ => "string",
    };

    [GeneratedRegex("(?<=[a-z])(?=[A-Z])")]
    private static partial Regex WordEnds();

    [GeneratedRegex(@"^(\d{1,9}):([0-5]?\d):([0-5]?\d)")]
    private static partial Regex ClockForm();

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d([.,]\d+)?(Z|[+-]\d\d:\d\d)$")]
    private static partial Regex TimeForm();
}
