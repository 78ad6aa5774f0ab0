using System.Text.Json;

namespace Maintenance.Jobs.Attempts;

/// <summary>
/// Where a secret's value is, as a text that may travel: <c>env:NAME</c>, <c>file:/path</c>, <c>systemd:NAME</c> (a credential of the
/// worker's unit), or <c>command:</c> with a program of the host that prints it. A command comes from job.json only, never from an input:
/// who may start a job may not thereby run programs.
/// </summary>
static class SecretPlace
{
    public const string Examples = "\"env:NAME\", \"file:/path\", \"systemd:NAME\"";
    public static readonly TimeSpan CommandTimeout = TimeSpan.FromSeconds(10);

    const string CommandPrefix = "command:";

    public static bool IsPlainText(string text) =>
        Rest(text, "env:").Length > 0 || Rest(text, "file:").StartsWith('/')
            || (Rest(text, "systemd:") is { Length: > 0 } name && !name.Contains('/'));

    public static string OfCommand(IReadOnlyList<string> command, TimeSpan timeout) =>
        CommandPrefix + JsonSerializer.Serialize(new SecretCommand(command, timeout));

    /// <summary>Null when the place is no command.</summary>
    public static SecretCommand? CommandIn(string text) =>
        text.StartsWith(CommandPrefix, StringComparison.Ordinal)
            ? JsonSerializer.Deserialize<SecretCommand>(text[CommandPrefix.Length..])
            : null;

    /// <summary>
    /// As a person may read it in a message: a command by its program only, because an argument might be the secret itself.
    /// </summary>
    public static string Name(string text) => CommandIn(text) is { Command: [var program, ..] } ? $"command {program}" : text;

    public static string Rest(string text, string prefix) => text.StartsWith(prefix, StringComparison.Ordinal) ? text[prefix.Length..] : "";
}

/// <summary>A program with its arguments; what it prints is the secret.</summary>
sealed record SecretCommand(IReadOnlyList<string> Command, TimeSpan Timeout);
