using Temporalio.Exceptions;

namespace Temporalio.Activities;

/// <summary>Thrown by an activity that somebody else will complete, by its task token or its id.</summary>
public class CompleteAsyncException : TemporalException
{
    /// <summary>An instance to throw.</summary>
    public CompleteAsyncException()
        : base("The activity completes asynchronously")
    {
    }
}
