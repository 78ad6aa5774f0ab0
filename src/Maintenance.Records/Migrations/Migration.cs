using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Maintenance.Records;

/// <summary>One numbered step of the tables' history, embedded as <c>Dialect.Migrations.0001_name.sql</c>.</summary>
sealed record Migration(int Number, string Name, string Sql)
{
    /// <summary>Of the text with plain line feeds, so that a checkout with other line ends is the same migration.</summary>
    public string Checksum { get; } =
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Sql.ReplaceLineEndings("\n"))));

    public static IReadOnlyList<Migration> Load(string dialect)
    {
        var prefix = $"{dialect}.Migrations.";
        var assembly = typeof(Migration).Assembly;
        return [.. assembly.GetManifestResourceNames()
            .Where(resource => resource.StartsWith(prefix, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(resource => Read(resource, resource[prefix.Length..]))];

        Migration Read(string resource, string file)
        {
            using var stream = assembly.GetManifestResourceStream(resource)
                ?? throw new InvalidOperationException($"Embedded migration {resource} cannot be opened.");
            using var reader = new StreamReader(stream, Encoding.UTF8);
            var number = int.Parse(file.AsSpan(0, 4), NumberStyles.None, CultureInfo.InvariantCulture);
            return new Migration(number, Path.GetFileNameWithoutExtension(file), reader.ReadToEnd());
        }
    }
}
