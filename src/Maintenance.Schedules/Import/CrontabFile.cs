using System.Text;

namespace Maintenance.Schedules;

/// <summary>A crontab belongs to one user, or (in /etc) names a user on each line.</summary>
public enum CrontabForm
{
    User,
    System,
}

/// <summary>A line that starts something, as Debian's cron takes it.</summary>
/// <param name="Schedule">The time fields as written, one blank between them, or the macro.</param>
/// <param name="User">Null in a user's own crontab.</param>
/// <param name="Stdin">What stands after the first unescaped <c>%</c>; empty when nothing does.</param>
/// <param name="Environment">The assignments above the line, without SHELL and without what a job has anyway.</param>
public sealed record CrontabEntry(
    int Line, string Schedule, string? User, string Shell, string Command, string Stdin, IReadOnlyDictionary<string, string> Environment)
{
    /// <summary>The comment directly above the line, for people.</summary>
    public string? Comment { get; init; }
}

/// <summary>A line that cron cannot read, with cron's own words.</summary>
public sealed record CrontabError(int Line, string Reason)
{
    /// <summary>The line, for advice.</summary>
    public string Text { get; init; } = "";
}

/// <summary>A comment that looks like a line that somebody switched off.</summary>
public sealed record CrontabDisabled(int Line, string Schedule, string Command);

/// <summary>
/// What Debian's cron makes of a crontab file. Lines are read one by one here, so that an importer can list each; cron itself ignores the
/// whole file for one bad line or a missing last newline, which <see cref="Refusal"/> says.
/// </summary>
public sealed record CrontabFile(
    IReadOnlyList<CrontabEntry> Entries, IReadOnlyList<CrontabError> Errors, IReadOnlyList<CrontabDisabled> Disabled, string? Refusal)
{
    public bool Loads => Refusal is null;

    /// <summary>Cron works on bytes, and its limits count them.</summary>
    public static CrontabFile Parse(ReadOnlySpan<byte> content, CrontabForm form)
    {
        var text = Encoding.Latin1.GetString(content);
        var reader = new Reader(form);
        var lines = text.Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            // Behind the last newline is no line.
            if (i < lines.Length - 1 || lines[i].Length > 0)
                reader.Read(lines[i], i + 1);
        }

        return reader.Result(lines);
    }

    sealed class Reader(CrontabForm form)
    {
        const int LinesMax = 10_000;

        readonly List<CrontabEntry> _entries = [];
        readonly List<CrontabError> _errors = [];
        readonly List<CrontabDisabled> _disabled = [];
        readonly Dictionary<string, string> _environment = new(StringComparer.Ordinal);
        string _shell = CrontabAssignment.DefaultShell;
        string? _comment;
        string _lastPart = "";

        /// <summary>A NUL ends an assignment and a command as a newline does, but no comment; what is behind it is read as a line of its own.</summary>
        public void Read(string line, int number)
        {
            for (var rest = line; rest is not null;)
                rest = ReadPart(rest, number);
        }

        /// <returns>What is behind the part that was read; null when it was all.</returns>
        string? ReadPart(string line, int number)
        {
            var text = line.TrimStart(' ', '\t');
            _lastPart = text;
            if (text.Length == 0)
                _comment = null;
            else if (text[0] == '#')
                ReadComment(text, number);
            else if (CrontabAssignment.TryParse(BeforeNul(line, out var rest), out var name, out var value))
            {
                Assign(name, value);
                return rest;
            }
            else
                return ReadEntry(text, number);
            return null;
        }

        public CrontabFile Result(string[] lines) => new(_entries, _errors, _disabled, Refusal(lines));

        /// <summary>Cron stops at the first thing that it cannot take, and takes nothing of the file.</summary>
        string? Refusal(string[] lines)
        {
            var bad = _errors.Count > 0 ? _errors[0] : null;
            // A comment needs no newline, and no NUL ends it.
            var last = lines[^1].Length == 0 ? "" : _lastPart;
            if (last is [not '#', ..] && (bad is null || (bad.Line == lines.Length && !bad.Text.Contains('\0', StringComparison.Ordinal))))
                return "Missing newline before EOF";
            if (lines.Length - 1 > LinesMax && (bad is null || bad.Line > LinesMax))
                return $"crontab must not be longer than {LinesMax} lines";
            return bad is null ? null : Refusal(bad, lines);
        }

        /// <summary>
        /// Behind the fields Debian reads the user up to the next blank, over the end of the line if need be: a line without user and
        /// command ends the file only when no blank follows, else its user is one of two lines, whom nobody knows.
        /// </summary>
        string Refusal(CrontabError first, string[] lines) =>
            form == CrontabForm.System && first.Reason == CrontabLine.BadCommand
                && lines.Skip(first.Line).Any(line => line.AsSpan().ContainsAny(' ', '\t'))
                ? CrontabLine.BadUser
                : first.Reason;

        void ReadComment(string comment, int number)
        {
            var inside = comment.TrimStart('#', ' ', '\t');
            if (CrontabLine.TryParse(inside, form, out var line, out _)
                && line.Command.Length > 0
                && CronExpression.TryParse(line.Schedule, out _, out _))
            {
                _disabled.Add(new CrontabDisabled(number, line.Schedule, Utf8(line.Command)));
                _comment = null;
                return;
            }

            _comment = _comment is null ? Utf8(inside) : $"{_comment} {Utf8(inside)}";
        }

        void Assign(string name, string value)
        {
            _comment = null;
            if (name == "SHELL")
                _shell = Utf8(value);
            else if (name == "PATH" && value == CrontabAssignment.DefaultPath)
                _environment.Remove(name);
            else if (name != "LOGNAME")
                _environment[Utf8(name)] = Utf8(value);
        }

        string? ReadEntry(string text, int number)
        {
            string? rest = null;
            if (CrontabLine.TryParse(text, form, out var line, out var reason))
            {
                var environment = new Dictionary<string, string>(_environment, StringComparer.Ordinal);
                _entries.Add(new CrontabEntry(
                    number, line.Schedule, line.User is null ? null : Utf8(line.User), _shell, Utf8(line.Command), Utf8(line.Stdin),
                    environment)
                { Comment = _comment });
                rest = line.Rest;
            }
            else
            {
                _errors.Add(new CrontabError(number, reason) { Text = Utf8(text) });
            }

            _comment = null;
            return rest;
        }

        static string BeforeNul(string line, out string? rest)
        {
            var nul = line.IndexOf('\0', StringComparison.Ordinal);
            rest = nul < 0 ? null : line[(nul + 1)..];
            return nul < 0 ? line : line[..nul];
        }

        static string Utf8(string bytes) => Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(bytes));
    }
}
