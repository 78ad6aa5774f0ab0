using System.CommandLine;
using Maintenance.Jobs.Approvals;
using Maintenance.Records;
using Maintenance.Schedules;

namespace Maintenance.Host.Cli.Commands;

/// <summary><c>maintenance people</c>: who may answer questions, as it is in force; and a key for a person.</summary>
static class PeopleCommand
{
    public static Command Create(Terminal terminal)
    {
        var command = new Command("people", "List the people of jobs/people.json as applied, their groups, keys and delegations");
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var store = await RecordsAccess.OpenAsync(parsed.ReadSettings().Settings, cancellationToken);
            if (await store.GetPeopleAsync(cancellationToken) is not { } record)
                throw new CommandFailure(
                    ExitCode.NotFound, "no people.json was applied; write jobs/people.json and run `maintenance apply`.");
            List(terminal, record, parsed.WantsJson());
            return ExitCode.Ok;
        });
        command.Add(Key(terminal));
        return command;
    }

    static Command Key(Terminal terminal)
    {
        var name = new Argument<string>("NAME") { Description = "The person, as in people.json" };
        var file = PersonKeyFile.CreateOption("Where it goes; only its owner can read it");
        var command = new Command("key", "Make a person's key, and print its public half for people.json") { name, file };
        command.SetAction(parsed =>
        {
            var person = parsed.GetValue(name)!;
            if (!PeopleReader.IsName(person))
                throw new CommandFailure(ExitCode.Usage, $"'{person}' is no name for a person; use letters, digits, '.', '-' and '_'.");
            var path = parsed.GetValue(file) ?? PersonKeyFile.Default;
            using var key = PersonKey.Make(person);
            Write(key, path);
            if (parsed.WantsJson())
                terminal.ResultJson(new { person, file = path, id = key.Public.Id, key = key.Public.Text });
            else
                terminal.Result(key.Public.Text);
            terminal.Say(
                $"The key of {person} is in {path}. Have the line above put under \"keys\" of {person} in jobs/{People.FileName} and "
                    + "applied.");
            return ExitCode.Ok;
        });
        return command;
    }

    static void Write(PersonKey key, string path)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            key.Write(path);
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailure(
                ExitCode.CannotCreate, $"the key was not written: {ex.Message} A key is never replaced; name another file with --key.");
        }
    }

    static void List(Terminal terminal, PeopleRecord record, bool json)
    {
        var read = PeopleReader.Read(record.Content, People.FileName);
        if (!read.Ok)
            throw new CommandFailure(ExitCode.BadFiles, $"this version cannot read the people.json that was applied: {read.Problems[0]}");
        var people = read.Value;
        if (json)
        {
            terminal.ResultJson(
                new
                {
                    record.Hash, record.GitCommit, record.AppliedAt, record.AppliedBy, people = people.All.Values, people.Groups,
                    people.Delegations,
                });
            return;
        }

        terminal.Table(
            ["PERSON", "KEYS", "ACCOUNTS", "GROUPS", "STANDS IN FOR"],
            people.All.Values.OrderBy(p => p.Name, StringComparer.Ordinal).Select(p => (IReadOnlyList<string>)
            [
                p.Name, string.Join(", ", p.Keys.Select(k => k.Id)), string.Join(", ", p.Logins),
                string.Join(", ", people.Groups.Where(g => g.Value.Contains(p.Name)).Select(g => g.Key)),
                string.Join(
                    ", ", people.Delegations.Where(d => d.To == p.Name).Select(d => $"{d.Of} {d.From:yyyy-MM-dd}..{d.Until:yyyy-MM-dd}")),
            ]));
        terminal.Say(
            $"applied {RunText.Time(record.AppliedAt)} "
                + $"by {record.AppliedBy}{(record.GitCommit is { } commit ? $", git {RunText.ShortId(commit)}" : "")}");
    }
}
