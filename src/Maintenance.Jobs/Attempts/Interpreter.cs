using Maintenance.Jobs.Attempts.Posix;

namespace Maintenance.Jobs.Attempts;

/// <summary>
/// The command that runs a script file. Scripts are handed to their interpreter as the kernel would do it, because executing a file that
/// was just written fails while another thread forks (ETXTBSY), and the state folder may be mounted noexec.
/// </summary>
static class Interpreter
{
    const string Env = "/usr/bin/env";

    /// <summary>The interpreter and its arguments, or why the script cannot start.</summary>
    public static (IReadOnlyList<string> Command, AttemptOutcome.CouldNotStart? Refusal) Resolve(
        string scriptName, string script, string searchPath)
    {
        if (ShebangOf(script) is not { } line)
            return (
                [],
                new(
                    "ENOEXEC",
                    $"{scriptName} does not begin with '#!', so it is not known what runs it. Begin it with a line such as #!/bin/bash or "
                        + "#!/usr/bin/env python3.",
                    Passing: false));

        // As the kernel does: everything behind the first blank is one argument.
        var blank = line.IndexOfAny([' ', '\t']);
        var program = blank < 0 ? line : line[..blank];
        var argument = blank < 0 ? "" : line[blank..].Trim();
        if (program != Env || argument.Length == 0 || argument[0] == '-' || argument.Contains(' ') || argument.Contains('='))
            return Check(scriptName, program, argument.Length == 0 ? [program] : [program, argument]);

        // "#!/usr/bin/env NAME" needs no env: looking NAME up here gives a better message and one process start less.
        return FindOnPath(argument, searchPath) is { } found
            ? ([found], null)
            : (
                [],
                new(
                    "ENOENT",
                    $"{scriptName} asks for '{argument}', which is in none of the folders of PATH ({searchPath}). Install it on this host "
                        + "or correct the script's first line.",
                    Passing: false));
    }

    public static string? ShebangOf(string script)
    {
        if (!script.StartsWith("#!", StringComparison.Ordinal))
            return null;
        var end = script.IndexOf('\n');
        var line = (end < 0 ? script[2..] : script[2..end]).Trim();
        return line.Length == 0 ? null : line;
    }

    public static string? FindOnPath(string name, string searchPath) =>
        name.Contains('/')
            ? name
            : searchPath.Split(':', StringSplitOptions.RemoveEmptyEntries)
                .Select(folder => Path.Combine(folder, name))
                .FirstOrDefault(file => File.Exists(file) && Native.Access(file, Native.X_OK) == 0);

    static (IReadOnlyList<string>, AttemptOutcome.CouldNotStart?) Check(string scriptName, string program, IReadOnlyList<string> command)
    {
        if (!File.Exists(program))
            return (
                [],
                new(
                    "ENOENT", $"{scriptName} asks for {program}, which is not on this host. Install it or correct the script's first line.",
                    Passing: false));
        return Native.Access(program, Native.X_OK) == 0
            ? (command, null)
            : (
                [],
                new(
                    "EACCES", $"{scriptName} asks for {program}, which this user may not execute. Check its mode with `ls -l {program}`.",
                    Passing: false));
    }
}
