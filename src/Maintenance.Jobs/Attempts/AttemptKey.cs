namespace Maintenance.Jobs.Attempts;

/// <summary>
/// Names one attempt for ever: the workflow's run id and the activity's id ("restore/2"). Never Temporal's own attempt number, which
/// counts how often the same attempt was handed to a worker.
/// </summary>
public readonly record struct AttemptKey(string RunId, string ActivityId)
{
    public string Step => ActivityId[..Math.Max(ActivityId.LastIndexOf('/'), 0)];

    /// <summary>
    /// A file name of plain letters, because scripts meet it in TMPDIR; the run id comes first so that the attempts of a run stand
    /// together.
    /// </summary>
    public string FolderName =>
        $"{Uri.EscapeDataString(RunId)}.{Uri.EscapeDataString(Step)}.{ActivityId[(ActivityId.LastIndexOf('/') + 1)..]}";

    public static AttemptKey? FromFolderName(string name)
    {
        var (first, last) = (name.IndexOf('.'), name.LastIndexOf('.'));
        return first > 0 && last > first && int.TryParse(name.AsSpan(last + 1), out _)
            ? new AttemptKey(
                Uri.UnescapeDataString(name[..first]), $"{Uri.UnescapeDataString(name[(first + 1)..last])}/{name[(last + 1)..]}")
            : null;
    }

    public override string ToString() => $"{RunId} {ActivityId}";
}
