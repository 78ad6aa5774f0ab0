using System.Text.Json;

namespace Maintenance.Host.Reconcile;

/// <summary>
/// A plan that somebody looked at and saved: <c>apply FILE</c> does exactly this or nothing. It holds no work to do, only what tells
/// whether the plan of now is still the same.
/// </summary>
sealed record PlanFile(
    int Format, string Installation, string Fingerprint, bool Drift, string? GitCommit, DateTimeOffset MadeAt,
    IReadOnlyList<string> Summary)
{
    const int CurrentFormat = 1;

    /// <summary>Schedules that it takes over; null in plans of before.</summary>
    public IReadOnlyList<string>? Adopt { get; init; }

    static readonly JsonSerializerOptions _json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static PlanFile Of(ReconcilePlan plan, ReconcilerOptions options, bool drift, DateTimeOffset now, IReadOnlyList<string> lines) =>
        new(CurrentFormat, options.Installation, plan.Fingerprint, drift, options.GitCommit, now, lines) { Adopt = options.Adopt };

    public void Write(string path) => File.WriteAllText(path, JsonSerializer.Serialize(this, _json) + "\n");

    /// <exception cref="InvalidDataException">It is no saved plan.</exception>
    public static PlanFile Read(string path)
    {
        try
        {
            if (JsonSerializer.Deserialize<PlanFile>(
                File.ReadAllText(path), _json) is { Format: CurrentFormat, Fingerprint.Length: > 0 } file)
                return file;
        }
        catch (JsonException)
        {
            // Said below, as every other content that is no plan.
        }

        throw new InvalidDataException($"{path} is no plan of this version; make one with `maintenance plan --out {path}`.");
    }

    /// <summary>Null when the plan of now is this one; else why it is not.</summary>
    public string? StaleBecause(ReconcilePlan plan, ReconcilerOptions options) =>
        Installation != options.Installation ? $"it is a plan of installation '{Installation}', and this is '{options.Installation}'"
        : Fingerprint != plan.Fingerprint ? $"the files or the server changed since it was made at {MadeAt:yyyy-MM-dd HH:mm:ss'Z'}"
        : null;
}
