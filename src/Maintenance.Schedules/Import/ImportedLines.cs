namespace Maintenance.Schedules;

/// <summary>A line as a schedule and a job of ours: the entry of schedules.json and the files of the job's folder.</summary>
public sealed record ImportedLine(
    int Line, string Id, string EntryJson, IReadOnlyDictionary<string, string> JobFiles, IReadOnlyList<string> Warnings);

/// <summary>A line that is not imported, and why. Line 0 is the file as a whole.</summary>
public sealed record RefusedLine(int Line, string Reason, string Advice);

/// <summary>What becomes of a file. Every line that says something is in one of the two lists: nothing is lost without a word.</summary>
public sealed record ImportedLines(IReadOnlyList<ImportedLine> Imported, IReadOnlyList<RefusedLine> Refused);

/// <summary>Where a file comes from.</summary>
/// <param name="Source">What it is called, for comments.</param>
/// <param name="TimeZone">Zone of the machine that it comes from.</param>
/// <param name="Host">Name of that machine in the inventory, where steps shall run there; null: wherever the run begins.</param>
public sealed record ImportOrigin(string Source, string TimeZone, string? Host = null);
