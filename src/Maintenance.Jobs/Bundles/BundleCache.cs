using Maintenance.Records;

namespace Maintenance.Jobs.Bundles;

/// <summary>
/// Bundles on this host's disk, so that due runs begin while the database is away. A bundle never changes, so a copy is as good as the
/// original; which bundle is a job's current one may be out of date here, and is asked of the store first.
/// </summary>
public sealed class BundleCache
{
    readonly string _folder;

    public BundleCache(string folder)
    {
        _folder = folder;
        Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    /// <summary>The content of a bundle, from here or else from the store. Null when nobody has it.</summary>
    public async Task<byte[]?> GetAsync(IRunStore store, string hash, CancellationToken cancellationToken)
    {
        var file = Path.Combine(_folder, FileNameOf(hash));
        // A copy that a full disk or a power loss cut short is fetched again.
        if (File.Exists(file) && await File.ReadAllBytesAsync(file, cancellationToken) is var copy && BundleRecord.HashOf(copy) == hash)
            return copy;
        if (await store.GetBundleAsync(hash, cancellationToken) is not { } bundle)
            return null;
        await ReplaceAsync(file, bundle.Content, cancellationToken);
        return bundle.Content;
    }

    /// <summary>The job's current bundle; the last one known here when the store is away.</summary>
    public async Task<CurrentBundle?> CurrentAsync(IRunStore store, string job, CancellationToken cancellationToken)
    {
        var file = Path.Combine(_folder, $"current-{Uri.EscapeDataString(job)}.json");
        try
        {
            var current = await store.GetCurrentBundleAsync(job, cancellationToken);
            if (current is not null)
                await ReplaceAsync(file, System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(current), cancellationToken);
            else
                File.Delete(file);
            return current;
        }
        catch (RunStoreUnavailableException) when (File.Exists(file))
        {
            return System.Text.Json.JsonSerializer.Deserialize<CurrentBundle>(await File.ReadAllBytesAsync(file, cancellationToken));
        }
    }

    /// <summary>The people.json in force; the last one known here when the store is away. Null: none was ever applied.</summary>
    public async Task<PeopleRecord?> PeopleAsync(IRunStore store, CancellationToken cancellationToken)
    {
        var file = Path.Combine(_folder, "people.json");
        try
        {
            var people = await store.GetPeopleAsync(cancellationToken);
            if (people is not null)
                await ReplaceAsync(file, System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(people), cancellationToken);
            return people;
        }
        catch (RunStoreUnavailableException) when (File.Exists(file))
        {
            return System.Text.Json.JsonSerializer.Deserialize<PeopleRecord>(await File.ReadAllBytesAsync(file, cancellationToken));
        }
    }

    static string FileNameOf(string hash) => Uri.EscapeDataString(hash) + ".bundle";

    static async Task ReplaceAsync(string file, byte[] content, CancellationToken cancellationToken)
    {
        var temporary = $"{file}.{Guid.NewGuid():n}";
        await File.WriteAllBytesAsync(temporary, content, cancellationToken);
        File.Move(temporary, file, overwrite: true);
    }
}
