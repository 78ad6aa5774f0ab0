using Serilog.Debugging;

namespace Serilog.Sinks.Seq;

/// <summary>Keeps what the server refused, one file per event, beside the buffer files. Without those there is only the self log.</summary>
sealed class InvalidPayloads(string? baseName, long limitBytes)
{
    public void Keep(ReadOnlyMemory<byte> line, int statusCode)
    {
        if (baseName is null)
            return;

        try
        {
            var folder = Path.GetDirectoryName(Path.GetFullPath(baseName)) ?? ".";
            var prefix = $"{Path.GetFileName(baseName)}-invalid-";
            using (var file = File.Create(Path.Combine(folder, $"{prefix}{statusCode}-{Guid.NewGuid():n}.clef")))
                file.Write(line.Span);
            DeleteOldest(new DirectoryInfo(folder).GetFiles($"{prefix}*.clef"));
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
        {
            SelfLog.WriteLine("An event that Seq refused cannot be kept: {0}", ex.Message);
        }
    }

    /// <summary>The newest stays even when it alone is over the limit.</summary>
    void DeleteOldest(FileInfo[] kept)
    {
        var total = 0L;
        foreach (var (file, age) in kept.OrderByDescending(file => file.LastWriteTimeUtc).Select((file, age) => (file, age)))
        {
            total += file.Length;
            if (total > limitBytes && age > 0)
                file.Delete();
        }
    }
}
