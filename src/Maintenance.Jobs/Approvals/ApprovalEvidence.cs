using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Maintenance.Jobs.Runs;
using Maintenance.Records;

namespace Maintenance.Jobs.Approvals;

/// <summary>
/// What an approval is about: the job's files, the input, the host, the targets, and what the steps before gave. Each part has a digest of
/// its whole value, and the hash is one of all of them: a changed byte is another hash. Pure, because the workflow replays it.
/// </summary>
public static class ApprovalEvidence
{
    const int TextCharsMax = 200;

    public static string HashOf(IReadOnlyList<EvidencePart> parts) => Digest(parts.SelectMany(p => new[] { p.Name, p.Digest }));

    /// <summary>The parts that every question has.</summary>
    public static IEnumerable<EvidencePart> OfRun(BeginResult begun)
    {
        yield return Part(
            "bundle", $"{Short(begun.BundleHash)}{(begun.GitCommit is { } commit ? $", git {Short(commit)}" : "")}", begun.BundleHash);
        yield return Part("host", begun.HostName, begun.HostId);
        foreach (var (name, value) in begun.Input.OrderBy(i => i.Key, StringComparer.Ordinal))
            yield return Part($"input.{name}", value, value);
    }

    /// <summary>What a step before gave: its outputs, what it printed, and how it ended.</summary>
    /// <param name="printed">See <see cref="PrintedBy"/>.</param>
    public static IEnumerable<EvidencePart> OfStep(StepRecord step, string? printed)
    {
        foreach (var (name, value) in step.Outputs.OrderBy(o => o.Key, StringComparer.Ordinal))
            yield return Part($"steps.{step.Name}.outputs.{name}", value, value);
        if (printed is not null)
            yield return Part($"steps.{step.Name}.printed", $"sha256 {Short(printed)}", printed);
        yield return Part($"steps.{step.Name}.status", Word(step.Status), Word(step.Status));
    }

    /// <summary>All targets of a step together: a fleet has thousands.</summary>
    public static EvidencePart OfTargets(string step, IReadOnlyList<StepRecord> targets) => new()
    {
        Name = $"steps.{step}.targets",
        Digest = Digest(targets.SelectMany(t => OfStep(t, PrintedBy(t))).SelectMany(p => new[] { p.Name, p.Digest })),
        Text = string.Join(
            ", ",
            targets.GroupBy(t => t.Status).OrderBy(g => g.Key)
                .Select(g => string.Create(CultureInfo.InvariantCulture, $"{g.Count()} {Word(g.Key)}"))),
    };

    /// <summary>What a step will be done to.</summary>
    public static EvidencePart OfPlan(string step, IReadOnlyList<Target> targets) => new()
    {
        Name = $"targets.{step}",
        Digest = Digest(targets.SelectMany(t => new[] { t.Label, t.Item, t.Host?.Id ?? "" })),
        Text = Cut($"{targets.Count.ToString(CultureInfo.InvariantCulture)}: {string.Join(", ", targets.Select(t => t.Label))}"),
    };

    public static EvidencePart Part(string name, string text, string? value) =>
        new() { Name = name, Digest = Digest([value ?? ""]), Text = Cut(text) };

    /// <summary>Digest of all that is known of what the step's last attempt printed; null when it printed nothing that is kept.</summary>
    public static string? PrintedBy(StepRecord step) => step.Attempts is [.., { Output: { } output }]
        ? Digest([output.Head, output.Tail, $"{output.TotalBytes}", $"{output.CutBytes}"])
        : null;

    /// <summary>What became of the parts that somebody saw, for him.</summary>
    public static string Changes(IReadOnlyDictionary<string, string> seen, IReadOnlyList<EvidencePart> now)
    {
        var changes = now
            .Where(p => !seen.TryGetValue(p.Name, out var digest) || digest != p.Digest)
            .Select(p => $"{p.Name} {(seen.ContainsKey(p.Name) ? "is" : "is new:")} {p.Text} now")
            .Concat(seen.Keys.Where(n => now.All(p => p.Name != n)).Order(StringComparer.Ordinal).Select(n => $"{n} is gone"));
        return Cut(string.Join("; ", changes));
    }

    public static string Short(string? hash) => hash is null ? "none" : hash[..Math.Min(12, hash.Length)];

    static string Word<T>(T value) where T : struct, Enum => value.ToString().ToLowerInvariant();

    static string Cut(string text) => text.Length <= TextCharsMax ? text : text[..TextCharsMax] + "…";

    /// <summary>Of a JSON list, so that no value can run over into its neighbour.</summary>
    static string Digest(IEnumerable<string> values) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(values))));
}
