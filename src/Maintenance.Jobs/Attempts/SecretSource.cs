using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace Maintenance.Jobs.Attempts;

/// <summary>
/// Looks secrets up on the host that runs the step. One newline at the end of a file or of a command's output is no part.
/// </summary>
static class SecretSource
{
    const int BytesMax = 64 * 1024;
    const string CredentialsVariable = "CREDENTIALS_DIRECTORY";

    /// <summary>The values by variable name, or the first one that is missing; the message never holds a value.</summary>
    public static async Task<(IReadOnlyDictionary<string, string> Values, AttemptOutcome.CouldNotStart? Refusal)> ResolveAsync(
        IReadOnlyDictionary<string, string> places, CancellationToken cancellationToken)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, place) in places)
        {
            var (value, problem) = await ValueAsync(place, cancellationToken);
            if (value is { Length: > 0 } && !value.Contains('\0'))
                values[name] = value;
            else
                return (
                    values,
                    new("SECRET", $"The secret {name} ({SecretPlace.Name(place)}) is not there on this host: {problem}", Passing: false));
        }

        return (values, null);
    }

    static async Task<(string? Value, string Problem)> ValueAsync(string place, CancellationToken cancellationToken)
    {
        if (SecretPlace.Rest(place, "env:") is { Length: > 0 } variable)
            return (
                Environment.GetEnvironmentVariable(variable),
                "the worker has no such environment variable. Set it in the worker's unit file or shell and restart the worker.");
        if (SecretPlace.Rest(place, "file:") is { Length: > 0 } file)
            return OfFile(file);
        if (SecretPlace.Rest(place, "systemd:") is { Length: > 0 } credential)
            return Environment.GetEnvironmentVariable(CredentialsVariable) is { Length: > 0 } folder
                ? OfFile(Path.Combine(folder, Path.GetFileName(credential)))
                : (null, "the worker was started without credentials. Add LoadCredential= to its unit file and restart the worker.");
        return SecretPlace.CommandIn(place) is { } command
            ? await OfCommandAsync(command, cancellationToken)
            : (null, $"write {SecretPlace.Examples}.");
    }

    static (string? Value, string Problem) OfFile(string path)
    {
        try
        {
            var file = new FileInfo(path);
            return file.Length > BytesMax
                ? (null, $"the file is larger than {BytesMax / 1024} KiB.")
                : (WithoutLastNewline(File.ReadAllText(path)), "the file is empty or holds a NUL byte.");
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return (null, $"{unreadable.Message} Check the path, and that the worker's user may read it.");
        }
    }

    /// <summary>What the command says on its standard error is not repeated: it may be about the value.</summary>
    static async Task<(string? Value, string Problem)> OfCommandAsync(SecretCommand command, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(command.Timeout);
        try
        {
            using var process = Process.Start(Order(command)) ?? throw new InvalidOperationException("No process was started.");
            process.StandardInput.Close();
            try
            {
                var errors = process.StandardError.BaseStream.CopyToAsync(Stream.Null, limit.Token);
                var text = await ReadAsync(process.StandardOutput.BaseStream, limit.Token);
                await errors;
                await process.WaitForExitAsync(limit.Token);
                return process.ExitCode == 0
                    ? (
                        text is null ? null : WithoutLastNewline(text),
                        $"the command printed nothing, or more than {BytesMax / 1024} KiB, or a NUL byte.")
                    : (null, $"the command left with {process.ExitCode}. Run it by hand as the worker's user.");
            }
            finally
            {
                if (!process.HasExited)
                    process.Kill(entireProcessTree: true);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (null, $"the command took longer than {Maintenance.Schedules.Durations.Format(command.Timeout)}.");
        }
        catch (Exception refused) when (refused is Win32Exception or IOException)
        {
            return (null, $"the command could not be run: {refused.Message}");
        }
    }

    static ProcessStartInfo Order(SecretCommand command) => new(command.Command[0], command.Command.Skip(1))
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    };

    /// <summary>Null when there is more than a secret may have; the rest is read away so that the command can end.</summary>
    static async Task<string?> ReadAsync(Stream output, CancellationToken cancellationToken)
    {
        var bytes = new byte[BytesMax + 1];
        var count = await output.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellationToken);
        if (count <= BytesMax)
            return Encoding.UTF8.GetString(bytes, 0, count);
        await output.CopyToAsync(Stream.Null, cancellationToken);
        return null;
    }

    static string WithoutLastNewline(string text) => text.EndsWith('\n') ? text[..^1].TrimEnd('\r') : text;
}
