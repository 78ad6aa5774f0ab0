using System.Text.Json.Serialization;

namespace Maintenance.Jobs.Attempts;

/// <summary>How an attempt ended. A script that fails is a value, never an exception: only our own troubles are exceptions.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(Exited), "exited")]
[JsonDerivedType(typeof(Signalled), "signalled")]
[JsonDerivedType(typeof(TimedOut), "timedOut")]
[JsonDerivedType(typeof(Cancelled), "cancelled")]
[JsonDerivedType(typeof(CouldNotStart), "couldNotStart")]
[JsonDerivedType(typeof(Unknown), "unknown")]
[JsonDerivedType(typeof(Done), "done")]
[JsonDerivedType(typeof(Failed), "failed")]
public abstract record AttemptOutcome
{
    AttemptOutcome()
    {
    }

    /// <summary>The script left by itself. Above 128 the number may also be how a shell inside it reported a signal.</summary>
    public sealed record Exited(int Code) : AttemptOutcome;

    /// <summary>The script was ended by a signal that neither the time limit nor a cancellation sent.</summary>
    public sealed record Signalled(int Signal) : AttemptOutcome;

    /// <summary>The time limit came first. The code is what the script left with when it was stopped.</summary>
    public sealed record TimedOut(TimeSpan After, int? Code) : AttemptOutcome;

    public sealed record Cancelled(string Reason) : AttemptOutcome;

    /// <summary>
    /// No line of the script ran. <paramref name="Error"/> is the system's name (ENOENT, EACCES…) or one of ours (SECRET, HOST).
    /// </summary>
    public sealed record CouldNotStart(string Error, string Message, bool Passing) : AttemptOutcome;

    /// <summary>The script ran, and nobody saw how it ended.</summary>
    public sealed record Unknown(string Reason) : AttemptOutcome;

    /// <summary>What has no exit code did what it should.</summary>
    public sealed record Done : AttemptOutcome;

    /// <summary>
    /// What has no exit code did not: a request, a statement, another job. <paramref name="Final"/> means that another try is pointless.
    /// </summary>
    /// <param name="Reason">As a person would say it.</param>
    /// <param name="NotBefore">Whoever refused asked to be left alone for so long (HTTP's Retry-After); null when nothing was said.</param>
    public sealed record Failed(string Reason, bool Final, TimeSpan? NotBefore = null) : AttemptOutcome;

    [JsonIgnore]
    public bool Succeeded => this is Exited { Code: 0 } or Done;

    /// <summary>As a person would say it in the list of attempts.</summary>
    public sealed override string ToString() => this switch
    {
        Exited { Code: > 128 and < 193 } e => $"exited with {e.Code} (or a shell in it saw {SignalNames.Of(e.Code - 128)})",
        Exited e => $"exited with {e.Code}",
        Signalled s => $"killed by {SignalNames.Of(s.Signal)}",
        TimedOut t => $"timed out after {Maintenance.Schedules.Durations.Format(t.After)}",
        Cancelled c => $"cancelled: {c.Reason}",
        CouldNotStart c => $"could not start ({c.Error}): {c.Message}",
        Unknown u => $"outcome unknown: {u.Reason}",
        Done => "succeeded",
        Failed f => f.Reason,
        _ => throw new InvalidOperationException($"{GetType()} has no text."),
    };
}

static class SignalNames
{
    static readonly string[] _names =
    [
        "", "SIGHUP", "SIGINT", "SIGQUIT", "SIGILL", "SIGTRAP", "SIGABRT", "SIGBUS", "SIGFPE", "SIGKILL", "SIGUSR1", "SIGSEGV",
        "SIGUSR2", "SIGPIPE", "SIGALRM", "SIGTERM", "SIGSTKFLT", "SIGCHLD", "SIGCONT", "SIGSTOP", "SIGTSTP", "SIGTTIN", "SIGTTOU",
        "SIGURG", "SIGXCPU", "SIGXFSZ", "SIGVTALRM", "SIGPROF", "SIGWINCH", "SIGIO", "SIGPWR", "SIGSYS",
    ];

    public static string Of(int signal) => signal > 0 && signal < _names.Length ? _names[signal] : $"signal {signal}";
}
