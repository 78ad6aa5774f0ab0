using System.Collections.Concurrent;
using System.Text.Encodings.Web;
using System.Text.Json;
using Maintenance.Jobs.Definition;
using Maintenance.Records;

namespace Maintenance.Jobs.Bundles;

/// <summary>
/// job.json and its files as one value under the hash of its content. The same files give the same bytes on every machine, so that
/// applying twice publishes once.
/// </summary>
public sealed record JobBundle(string Hash, byte[] Content)
{
    const int Format = 1;
    const int CacheMax = 256;

    static readonly ConcurrentDictionary<string, JobSource> _opened = new();

    public static JobBundle Pack(JobSource source)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartObject();
            writer.WriteNumber("format", Format);
            writer.WriteString("job", source.Definition.Name);
            writer.WriteStartObject("files");
            foreach (var (name, text) in source.Files.OrderBy(f => f.Key, StringComparer.Ordinal))
                writer.WriteString(name, text);
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        var content = stream.ToArray();
        return new JobBundle(BundleRecord.HashOf(content), content);
    }

    public BundleRecord ToRecord(string job, string? gitCommit, DateTimeOffset now) =>
        new() { Hash = Hash, Job = job, GitCommit = gitCommit, CreatedAt = now, Content = Content };

    /// <summary>Reads a stored bundle back; the last ones are kept, because every run opens one.</summary>
    /// <exception cref="InvalidDataException">The content is no bundle that this version can read.</exception>
    public static JobSource Open(string hash, byte[] content)
    {
        if (_opened.TryGetValue(hash, out var known))
            return known;
        if (BundleRecord.HashOf(content) != hash)
            throw new InvalidDataException(
                $"The stored bundle {hash} was changed: its content has another hash. Run `maintenance apply` to publish the job again.");
        var source = Read(hash, content);
        if (_opened.Count >= CacheMax)
            _opened.Clear();
        _opened[hash] = source;
        return source;
    }

    static JobSource Read(string hash, byte[] content)
    {
        using var document = JsonDocument.Parse(content);
        if (document.RootElement.GetProperty("format").GetInt32() is var format && format != Format)
            throw new InvalidDataException(
                $"The bundle {hash} has format {format}, this version reads {Format}. Run a newer version, or `maintenance apply` again.");
        var job = document.RootElement.GetProperty("job").GetString() ?? "";
        var files = document.RootElement.GetProperty("files").EnumerateObject().ToDictionary(
            f => f.Name, f => f.Value.GetString() ?? "", StringComparer.Ordinal);
        var read = JobReader.Read(job, files[JobFolder.FileName], $"{job}/{JobFolder.FileName}", files);
        return read.Ok
            ? new JobSource(read.Value, files)
            : throw new InvalidDataException($"This version cannot read the bundle {hash} of job '{job}': {read.Problems[0]}");
    }
}
