using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Maintenance.Host.Cli;
using Maintenance.Host.Settings;
using Maintenance.Jobs.Definition;
using Maintenance.Schedules;

namespace Maintenance.Host.Importing;

/// <summary>
/// Writes imported jobs and their schedules into the files of an installation. Job folders first, each whole or not at all; schedules.json
/// last, in one step. What was imported before, unchanged, is found again by its script and left alone, so that an import can be repeated.
/// </summary>
sealed class ImportWriter(HostSettings settings)
{
    /// <summary>Until an imported line is switched off where it came from, its schedule waits: nothing shall run twice.</summary>
    public const string PausedReason = "cron still runs it; `maintenance takeover` hands it over";

    readonly Dictionary<string, string> _scripts = Scripts(settings.JobsDirectory);

    /// <summary>The job that has this line already; null when it is new.</summary>
    public string? Known(ImportedLine line) => _scripts.GetValueOrDefault(Script(line));

    /// <exception cref="CommandFailure">schedules.json cannot be changed; the job folders that were written are named.</exception>
    public void Write(IReadOnlyList<ImportedLine> lines)
    {
        if (lines.Count == 0)
            return;
        var text = File.Exists(settings.SchedulesFile) ? File.ReadAllText(settings.SchedulesFile) : ScheduleFileEdit.Empty;
        var edited = ScheduleFileEdit.Append(text, lines.Select(Paused))
            ?? throw new CommandFailure(
                ExitCode.BadFiles,
                $"{settings.SchedulesFile} has no list \"schedules\"; repair it first (`maintenance validate`). Nothing was written.");
        foreach (var line in lines)
            WriteJob(line);
        SafeFile.Replace(settings.SchedulesFile, Encoding.UTF8.GetBytes(edited));
    }

    void WriteJob(ImportedLine line)
    {
        var folder = Path.Combine(settings.JobsDirectory, line.Id);
        var draft = folder + ".new";
        if (Directory.Exists(draft))
            Directory.Delete(draft, recursive: true);
        Directory.CreateDirectory(draft);
        foreach (var (name, text) in line.JobFiles)
        {
            var file = Path.Combine(draft, name);
            File.WriteAllText(file, text);
            if (text.StartsWith("#!", StringComparison.Ordinal))
                File.SetUnixFileMode(
                    file, File.GetUnixFileMode(file) | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        }

        Directory.Move(draft, folder);
    }

    static Dictionary<string, string> Scripts(string jobsDirectory)
    {
        var scripts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var job in JobFolder.List(jobsDirectory))
        {
            var file = Path.Combine(jobsDirectory, job, ScriptName);
            if (File.Exists(file))
                scripts.TryAdd(File.ReadAllText(file), job);
        }

        return scripts;
    }

    static string Paused(ImportedLine line)
    {
        var entry = JsonNode.Parse(line.EntryJson)!.AsObject();
        entry.Insert(2, "paused", PausedReason);
        return entry.ToJsonString(_readable);
    }

    static string Script(ImportedLine line) => line.JobFiles[ScriptName];

    static readonly JsonSerializerOptions _readable = new()
    {
        WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public const string ScriptName = "run.sh";
}
