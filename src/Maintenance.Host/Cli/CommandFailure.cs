namespace Maintenance.Host.Cli;

/// <summary>Ends a command with one message for the operator and an exit code. The message says what to do next.</summary>
sealed class CommandFailure(int exitCode, string message) : Exception(message)
{
    public int ExitCode { get; } = exitCode;
}
