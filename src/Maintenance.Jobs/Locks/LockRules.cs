using System.Text.RegularExpressions;

namespace Maintenance.Jobs.Locks;

/// <summary>Names and limits of locks.</summary>
public static partial class LockRules
{
    /// <summary>Named in one job or step at most.</summary>
    public const int LocksMax = 10;
    public const int SlotsMax = 1000;
    public const string WorkflowType = "maintenance.lock";

    /// <summary>Names of quorums' locks, which runs take by themselves behind all others.</summary>
    public const string QuorumPrefix = "quorum:";

    public static readonly TimeSpan WaitDefault = TimeSpan.FromHours(24);

    public static bool IsName(string name) => NamePattern().IsMatch(name);

    public static bool IsOfQuorum(string name) => name.StartsWith(QuorumPrefix, StringComparison.Ordinal);

    /// <summary>One workflow per lock and namespace: that there is never a second one is what the server promises.</summary>
    public static string WorkflowId(string name) => $"{WorkflowType}:{name}";

    /// <summary>The variable with the fencing token of one lock.</summary>
    public static string TokenVariable(string name) =>
        $"{TokenVariableOfFirst}_{string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) ? char.ToUpperInvariant(c) : '_'))}";

    /// <summary>The variable with the fencing token of the lock that the job or step names first.</summary>
    public const string TokenVariableOfFirst = "MAINTENANCE_LOCK_TOKEN";

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9._:/-]{0,99}$")]
    private static partial Regex NamePattern();
}
