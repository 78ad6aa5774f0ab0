using Temporalio.Api.Failure.V1;

namespace Temporalio.Exceptions;

/// <summary>An exception that has, or can be given, the form of a Temporal failure and so travels through history.</summary>
public class FailureException : TemporalException
{
    /// <param name="failure">The failure as received.</param>
    /// <param name="inner">Its cause, already converted.</param>
    protected internal FailureException(Failure failure, Exception? inner)
        : base(failure.Message, inner) => Failure = failure;

    protected internal FailureException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }

    /// <summary>The failure this exception was made from; null when it was created here and has not travelled yet.</summary>
    public Failure? Failure { get; protected init; }

    /// <summary>Where it happened: the trace that came with the failure first, then the local one.</summary>
    public override string? StackTrace
    {
        get
        {
            var local = base.StackTrace;
            if (Failure is not { StackTrace.Length: > 0 } failure)
                return local;

            return string.IsNullOrEmpty(local) ? failure.StackTrace : $"{failure.StackTrace}\n{local}";
        }
    }
}
