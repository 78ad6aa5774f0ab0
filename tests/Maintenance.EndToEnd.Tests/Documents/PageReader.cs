using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Maintenance.EndToEnd.Tests.Harness;

namespace Maintenance.EndToEnd.Tests.Documents;

/// <summary>
/// A newcomer with a checkout of their own who does what a page says, in its order. <c>maintenance up</c> goes on running; RUN is the run
/// that was started last; a command must succeed unless its comment says another exit code.
/// </summary>
sealed partial class PageReader : IAsyncDisposable
{
    readonly Installation _installation = new();
    string? _run;

    public PageReader()
    {
        Programs.BashAsync(
            $"""
            cp -r '{Repository.Root}/jobs' '{Repository.Root}/schemas' '{Repository.Root}/schedules.json' .
            printf '#!/bin/sh\nexec dotnet "{Repository.Program}" "$@"\n' >maintenance
            chmod +x maintenance
            """,
            _installation.Folder).GetAwaiter().GetResult();
        _installation.Environment["MAINTENANCE_DataDirectory"] = _installation.Data;
        _installation.Environment["MAINTENANCE_Engine__Listen"] = $"127.0.0.1:{_installation.Port}";
        _installation.Environment["PATH"] = $"{_installation.Folder}:{Environment.GetEnvironmentVariable("PATH")}";
    }

    public string Folder => _installation.Folder;

    public async Task FollowAsync(string page)
    {
        foreach (var action in DocumentedAction.Read(await File.ReadAllTextAsync(Path.Combine(Repository.Root, page))))
        {
            switch (action)
            {
                case DocumentedAction.WriteFile { Path: "schedules.json" } file when Entry(file.Text) is { } entry:
                    AddSchedule(entry);
                    break;
                case DocumentedAction.WriteFile file:
                    _installation.Write(file.Path, file.Text);
                    break;
                case DocumentedAction.Command command when UpCommand().IsMatch(command.Text) || command.Text == "systemctl start maintenance":
                    await _installation.StartAsync();
                    break;
                case DocumentedAction.Command { Text: "systemctl stop maintenance" }:
                    await _installation.StopAsync();
                    break;
                case DocumentedAction.Command command when !NotHere.IsMatch(command.Text):
                    await SayAsync(page, command);
                    break;
            }
        }
    }

    public ValueTask DisposeAsync() => _installation.DisposeAsync();

    /// <summary>The test command itself, what needs a service manager or Docker, and what belongs to other programs' installations.</summary>
    static Regex NotHere { get; } = new(@"^(\./test|docker |systemctl |sudo |journalctl |git clone )", RegexOptions.Compiled);

    async Task SayAsync(string page, DocumentedAction.Command command)
    {
        var text = command.Text;
        if (RunPlaceholder().IsMatch(text))
            text = RunPlaceholder().Replace(text, _run ??= await FirstRunAsync());
        var ended = await Programs.RunAsync("bash", ["-c", text], _installation.Environment, folder: _installation.Folder);
        var expected = OtherExitCode().Match(command.Text) is { Success: true } said ? int.Parse(said.Groups[1].Value) : 0;

        Assert.True(ended.ExitCode == expected, $"{page}:{command.Line}: `{text}`: {ended}\n--- up\n{_installation.Up?.Said}");
        if (RunId().Match(ended.Output) is { Success: true } started && text.Contains("trigger", StringComparison.Ordinal))
            _run = started.Value;
    }

    /// <summary>Stands in for the minute after which the job <c>hello</c> has run by itself.</summary>
    async Task<string> FirstRunAsync() =>
        (await _installation.JsonAsync("trigger", "hello", "--wait")).GetProperty("runId").GetString()!;

    void AddSchedule(JsonNode entry)
    {
        var file = JsonNode.Parse(File.ReadAllText(_installation.Path("schedules.json")))!;
        file["schedules"]!.AsArray().Add(entry);
        _installation.Write("schedules.json", file.ToJsonString());
    }

    /// <summary>One schedule, as a page shows it to be put among the others; null when the block is a whole file.</summary>
    static JsonNode? Entry(string text) =>
        JsonNode.Parse(text, documentOptions: new() { CommentHandling = System.Text.Json.JsonCommentHandling.Skip, AllowTrailingCommas = true }) is JsonObject entry
            && entry.ContainsKey("id") ? entry : null;

    [GeneratedRegex(@"^(\./)?maintenance up\b")]
    private static partial Regex UpCommand();

    [GeneratedRegex(@"\bRUN\b")]
    private static partial Regex RunPlaceholder();

    [GeneratedRegex(@"#.*exit code (\d+)")]
    private static partial Regex OtherExitCode();

    [GeneratedRegex(@"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b")]
    private static partial Regex RunId();
}
