using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Maintenance.Records;

namespace Maintenance.Host.Cli;

/// <summary>
/// The evidence of one run as files for somebody who has no access to the records: the text that the chain seals, its link, the run, its
/// outputs and its bundle, with the sha256 of each.
/// </summary>
static class EvidenceFolder
{
    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <returns>How many files were written.</returns>
    /// <exception cref="CommandFailure">The folder has files already, or cannot be written.</exception>
    public static async Task<int> WriteAsync(RunEvidence evidence, IRunStore store, string folder, CancellationToken cancellationToken)
    {
        var files = await FilesAsync(evidence, store, cancellationToken);
        try
        {
            if (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any())
                throw new CommandFailure(ExitCode.CannotCreate, $"{folder} is not empty; name a new folder.");
            Directory.CreateDirectory(folder);
            foreach (var (name, content) in files)
                await File.WriteAllBytesAsync(Path.Combine(folder, name), content, cancellationToken);
            await File.WriteAllLinesAsync(
                Path.Combine(folder, "SHA256SUMS"),
                files.Select(file => $"{Convert.ToHexStringLower(SHA256.HashData(file.Content))}  {file.Name}"), cancellationToken);
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailure(ExitCode.CannotCreate, $"the evidence cannot be written to {folder}: {ex.Message}");
        }

        return files.Count + 1;
    }

    static async Task<List<(string Name, byte[] Content)>> FilesAsync(
        RunEvidence evidence, IRunStore store, CancellationToken cancellationToken)
    {
        var run = evidence.Run;
        var files = new List<(string, byte[])>
        {
            ("evidence.txt", Utf8(evidence.Text.Text)),
            ("run.json", Utf8(JsonSerializer.Serialize(run, Json))),
            ("audit.json", Utf8(JsonSerializer.Serialize(evidence.Audit, Json))),
        };
        if (evidence.Link is { } link)
            files.Add(("link.txt", Utf8($"{link.PreviousHash}\n{link.Sequence}\nrun\n{link.RunId}\n{link.ContentHash}\n")));
        if (run.BundleHash is { } hash && await store.GetBundleAsync(hash, cancellationToken) is { } bundle)
            files.Add(("bundle", bundle.Content));
        foreach (var (step, attempt) in run.Steps.SelectMany(step => step.Attempts.Select(attempt => (step, attempt))))
        {
            if (attempt.Output is null)
                continue;
            var full = attempt.Output.CutBytes == 0
                ? null
                : await store.GetFullOutputAsync(attempt.ExecutionRunId ?? run.RunId, attempt.ActivityId, cancellationToken);
            files.Add(($"output.{step.Position}.{attempt.Number}.log", Utf8(full ?? OutputText.Joined(attempt.Output))));
        }

        return files;
    }

    static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);
}
