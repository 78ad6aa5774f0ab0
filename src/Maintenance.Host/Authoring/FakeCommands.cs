using System.Globalization;
using System.Text;

namespace Maintenance.Host.Authoring;

/// <summary>What a stand-in answers to one call.</summary>
sealed record FakeAnswer(int ExitCode, string Output, string Errors);

/// <summary>One call that a script made of a stand-in, arguments as they came.</summary>
sealed record FakeCall(string Command, IReadOnlyList<string> Arguments)
{
    public override string ToString() => string.Join(' ', [Command, .. Arguments]);
}

/// <summary>
/// A folder of programs that stand in for the real ones while a job is tested: each notes how it was called and gives the next of its
/// answers; the last one is given for ever.
/// </summary>
sealed class FakeCommands : IDisposable
{
    const UnixFileMode Executable =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    readonly string _root = Directory.CreateTempSubdirectory("maintenance-fakes-").FullName;

    public FakeCommands(IReadOnlyDictionary<string, IReadOnlyList<FakeAnswer>> commands)
    {
        System.IO.Directory.CreateDirectory(Folder);
        File.SetUnixFileMode(_root, Executable);
        foreach (var (name, answers) in commands)
            Write(name, answers);
    }

    /// <summary>To stand first on the scripts' PATH.</summary>
    public string Folder => Path.Combine(_root, "bin");

    string CallsFile => Path.Combine(_root, "calls");

    public IReadOnlyList<FakeCall> Calls() =>
        File.Exists(CallsFile)
            ? [
                .. File.ReadAllText(CallsFile).Split("\0\n", StringSplitOptions.RemoveEmptyEntries)
                    .Select(call => call.Split('\0'))
                    .Select(words => new FakeCall(words[0], words[1..])),
            ]
            : [];

    public void Dispose() => System.IO.Directory.Delete(_root, recursive: true);

    void Write(string name, IReadOnlyList<FakeAnswer> answers)
    {
        var data = System.IO.Directory.CreateDirectory(Path.Combine(_root, "answers", name)).FullName;
        for (var number = 0; number < answers.Count; number++)
        {
            File.WriteAllText(Path.Combine(data, $"{number}.out"), answers[number].Output);
            File.WriteAllText(Path.Combine(data, $"{number}.err"), answers[number].Errors);
            File.WriteAllText(Path.Combine(data, $"{number}.exit"), answers[number].ExitCode.ToString(CultureInfo.InvariantCulture));
        }

        var program = Path.Combine(Folder, name);
        File.WriteAllText(program, Program(name, data, answers.Count - 1), new UTF8Encoding(false));
        File.SetUnixFileMode(program, Executable);
    }

    /// <summary>The folder of a call is its turn: making a folder is what only one of several callers can do.</summary>
    string Program(string name, string data, int last) =>
        $"""
        #!/bin/sh
        set -eu
        turn=0
        until mkdir '{data}/turn-'"$turn" 2>/dev/null; do turn=$((turn + 1)); done
        [ "$turn" -le {last} ] || turn={last}
        (printf '%s\0' '{name}' "$@"; printf '\n') >>'{CallsFile}'
        cat '{data}/'"$turn.out"
        cat '{data}/'"$turn.err" >&2
        exit "$(cat '{data}/'"$turn.exit")"

        """;
}
