using System.CommandLine;
using System.Globalization;
using Maintenance.Host.Reconcile;
using Maintenance.Schedules;

namespace Maintenance.Host.Cli.Commands;

/// <summary><c>maintenance next</c> says when schedules are due next, or a bare timing would be, clock changes included.</summary>
static class NextCommand
{
    const int CountMax = 100_000;

    static readonly Argument<string[]> Ids = new("ID") { Description = "Schedules; none means all", Arity = ArgumentArity.ZeroOrMore };
    static readonly Option<int?> Count = new("-n", "--count")
    {
        Description = "How many times (default: 1 for all schedules, else 10)", HelpName = "N",
    };
    static readonly Option<string> From = new("--from")
    {
        Description = "After this time (ISO 8601, UTC without an offset; default: now)", HelpName = "TIME",
    };
    static readonly Option<string> Cron = new("--cron") { Description = "A bare cron line instead of a schedule", HelpName = "LINE" };
    static readonly Option<string> OnCalendar = new("--on-calendar")
    {
        Description = "A bare systemd calendar expression", HelpName = "EXPRESSION",
    };
    static readonly Option<string> Every = new("--every") { Description = "A bare interval such as 6h", HelpName = "TIME" };
    static readonly Option<string> At = new("--at") { Description = "A bare single time", HelpName = "TIME" };
    static readonly Option<string> Offset = new("--offset") { Description = "Offset of --every", HelpName = "TIME" };
    static readonly Option<string> TimeZone = new("--time-zone")
    {
        Description = "Zone of a bare timing (default: UTC)", HelpName = "ZONE",
    };
    static readonly Option<string> Missing = Rule<MissingRule>("--missing", "Times that a clock change leaves out");
    static readonly Option<string> Repeated = Rule<RepeatedRule>("--repeated", "Times that come twice");

    public static Command Create(Terminal terminal)
    {
        var command = new Command("next", "Say when schedules are due next")
        {
            Ids, Count, From, Cron, OnCalendar, Every, At, Offset, TimeZone, Missing, Repeated,
        };
        command.SetAction(parsed => Run(parsed, terminal));
        return command;
    }

    static Option<string> Rule<T>(string name, string description) where T : struct, Enum
    {
        string[] words = [.. Enum.GetNames<T>().Select(word => word.ToLowerInvariant())];
        var option = new Option<string>(name) { Description = $"{description}: {string.Join(", ", words)}", HelpName = "RULE" };
        return option.AcceptOnlyFromAmong(words);
    }

    static int Run(ParseResult parsed, Terminal terminal)
    {
        var from = ReadFrom(parsed);
        if (parsed.GetValue(Count) is < 1 or > CountMax)
            throw new CommandFailure(ExitCode.Usage, $"-n is {parsed.GetValue(Count)}; write a number from 1 to {CountMax}.");
        return Bare(parsed) is { } bare ? OfBare(bare, parsed, from, terminal) : OfSchedules(parsed, from, terminal);
    }

    static int OfBare((string Member, string Text) bare, ParseResult parsed, DateTimeOffset from, Terminal terminal)
    {
        if (parsed.GetValue(Ids) is { Length: > 0 } ids)
            throw new CommandFailure(
                ExitCode.Usage, $"'{ids[0]}' and a bare timing exclude each other; quote the expression if it belongs to it.");
        var read = BareTiming.Read(
            bare.Member, bare.Text, parsed.GetValue(TimeZone) ?? "UTC", parsed.GetValue(Missing), parsed.GetValue(Repeated),
            parsed.GetValue(Offset));
        if (!read.Ok)
        {
            Refuse(bare, read.Problems, parsed, terminal);
            return ExitCode.Failed;
        }

        var next = NextTimes.Of(read.Value, from, parsed.GetValue(Count) ?? 10);
        if (parsed.WantsJson())
            terminal.ResultJson(Json(next));
        else
            Print(read.Value, next, terminal);
        return ExitCode.Ok;
    }

    static void Refuse((string Member, string Text) bare, IReadOnlyList<Problem> problems, ParseResult parsed, Terminal terminal)
    {
        if (parsed.WantsJson())
            terminal.ResultJson(new
            {
                errors = problems.Select(
                    problem => new { option = OptionOf(problem.File), problem.Column, problem.Code, problem.Message, problem.Fix }),
            });
        foreach (var problem in problems)
        {
            terminal.Say(
                $"maintenance: {OptionOf(problem.File)}, column {problem.Column}: {problem.Code} {problem.Message} {problem.Fix}".TrimEnd());
            if (problem.File != bare.Member || bare.Text.Any(char.IsControl))
                continue;
            terminal.Say($"    {bare.Text}");
            terminal.Say($"    {new string(' ', problem.Column - 1)}^");
        }
    }

    /// <summary>onCalendar becomes --on-calendar.</summary>
    static string OptionOf(string member) =>
        "--" + string.Concat(member.Select(letter => char.IsAsciiLetterUpper(letter) ? $"-{char.ToLowerInvariant(letter)}" : $"{letter}"));

    static int OfSchedules(ParseResult parsed, DateTimeOffset from, Terminal terminal)
    {
        var settings = parsed.ReadSettings().Settings;
        var read = DesiredState.Load(settings, from);
        if (!read.Ok)
        {
            BadFiles.Say(read.Problems, terminal);
            return ExitCode.BadFiles;
        }

        var ids = parsed.GetValue(Ids) ?? [];
        var schedules = ids.Length == 0 ? read.Value.Set.Schedules : [.. ids.Select(id => Find(read.Value.Set, id))];
        var each = parsed.GetValue(Count) ?? (ids.Length == 0 ? 1 : 10);
        if (parsed.WantsJson())
        {
            terminal.ResultJson(ids.Length == 1
                ? Json(NextTimes.Of(schedules[0], from, each))
                : schedules.Select(
                    schedule =>
                        new
                        {
                            schedule.Id, schedule.Job, paused = schedule.PausedReason, next = Json(NextTimes.Of(schedule, from, each)),
                        }));
            return ExitCode.Ok;
        }

        foreach (var schedule in schedules)
        {
            terminal.Result(
                $"{schedule.Id}: {schedule.Job} {TimingSentence.Of(schedule)}{(schedule.PausedReason is { } reason ? $" -- PAUSED: {reason}" : "")}");
            Print(schedule, NextTimes.Of(schedule, from, each), terminal);
        }

        return ExitCode.Ok;
    }

    static Schedule Find(ScheduleSet set, string id) =>
        set.Find(id) ?? throw new CommandFailure(
            ExitCode.NotFound,
            $"{set.File} has no schedule '{id}'. {NearestName.Suggest(id, [.. set.Schedules.Select(schedule => schedule.Id)])}".TrimEnd());

    static void Print(Schedule schedule, NextTimes next, Terminal terminal)
    {
        foreach (var time in next.Times)
        {
            var local = time.ToOffset(TimeSpan.FromSeconds(schedule.TimeZone.OffsetAt(time.ToUnixTimeSeconds())));
            terminal.Result($"  {local.ToString("ddd yyyy-MM-dd HH:mm:ss zzz", CultureInfo.InvariantCulture)}  {Utc(time)}");
        }

        if (next.Times.Count == 0)
            terminal.Result("  never");
        foreach (var note in next.Notes)
            terminal.Result($"  note: {note}");
    }

    static object Json(NextTimes next) => new { times = next.Times.Select(Utc), notes = next.Notes };

    static string Utc(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    static (string Member, string Text)? Bare(ParseResult parsed)
    {
        (string Member, string? Text)[] given =
        [
            ("cron", parsed.GetValue(Cron)), ("onCalendar", parsed.GetValue(OnCalendar)), ("every", parsed.GetValue(Every)),
            ("at", parsed.GetValue(At)),
        ];
        var bare = given.Where(timing => timing.Text is not null).ToList();
        return bare.Count switch
        {
            0 => null,
            1 => (bare[0].Member, bare[0].Text!),
            _ => throw new CommandFailure(ExitCode.Usage, "--cron, --on-calendar, --every and --at exclude each other; give one."),
        };
    }

    static DateTimeOffset ReadFrom(ParseResult parsed)
    {
        if (parsed.GetValue(From) is not { } text)
            return TimeProvider.System.GetUtcNow();
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var from)
            ? from
            : throw new CommandFailure(ExitCode.Usage, $"--from is '{text}'; write a time such as 2027-03-27T00:00Z.");
    }
}
