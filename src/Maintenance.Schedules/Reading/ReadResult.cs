using System.Diagnostics.CodeAnalysis;

namespace Maintenance.Schedules;

/// <summary>Either a value without any problem, or all the problems of the file and no value: nothing is ever half read.</summary>
public sealed record ReadResult<T>(T? Value, IReadOnlyList<Problem> Problems) where T : class
{
    [MemberNotNullWhen(true, nameof(Value))]
    public bool Ok => Value is not null;
}
