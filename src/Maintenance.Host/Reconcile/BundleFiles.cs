using Maintenance.Jobs.Bundles;
using Maintenance.Records;

namespace Maintenance.Host.Reconcile;

/// <summary>Which files of a job differ from those of a stored bundle.</summary>
static class BundleFiles
{
    /// <param name="stored">Null: the job is new.</param>
    /// <param name="files">Texts by name.</param>
    public static IReadOnlyList<string> Changes(BundleRecord? stored, IReadOnlyDictionary<string, string> files)
    {
        var before = FilesOf(stored);
        var names = before.Keys.Concat(files.Keys).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);
        return [.. names.Select(name => Change(name, before.GetValueOrDefault(name), files.GetValueOrDefault(name))).OfType<string>()];
    }

    static string? Change(string name, string? before, string? after) => (before, after) switch
    {
        (null, _) => $"+ {name}",
        (_, null) => $"- {name}",
        _ => before == after ? null : $"~ {name}",
    };

    static IReadOnlyDictionary<string, string> FilesOf(BundleRecord? stored)
    {
        try
        {
            return stored is null ? new Dictionary<string, string>() : JobBundle.Open(stored.Hash, stored.Content).Files;
        }
        catch (InvalidDataException)
        {
            // A bundle that this version cannot read any more: then every file counts as new, and publishing mends it.
            return new Dictionary<string, string>();
        }
    }
}
