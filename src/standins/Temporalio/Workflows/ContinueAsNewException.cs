using Temporalio.Exceptions;
using Temporalio.Worker.Interceptors;

namespace Temporalio.Workflows;

/// <summary>
/// Ends this run and goes on in a new one. Made by <c>Workflow.CreateContinueAsNewException</c>, thrown by workflow code.
/// </summary>
public class ContinueAsNewException : TemporalException
{
    internal ContinueAsNewException(CreateContinueAsNewExceptionInput input)
        : base($"Continue as new '{input.Workflow}'") => Input = input;

    internal CreateContinueAsNewExceptionInput Input { get; }
}
