using Npgsql;

namespace Maintenance.Records;

public static class RunStores
{
    /// <summary>
    /// Chooses by the look of the text: <c>Host=…</c> or <c>postgres://…</c> is Postgres, everything else the path of a SQLite file
    /// (<c>Data Source=PATH</c> and <c>sqlite:PATH</c> too). Nothing is opened yet.
    /// </summary>
    public static IRunStore Open(string connectionStringOrPath)
    {
        var text = connectionStringOrPath.Trim();
        if (text.Length == 0)
            throw new ArgumentException(
                "The record store is an empty text; give a file path or a Postgres connection string such as "
                    + "'Host=db;Database=maintenance;Username=maintenance'.");
        if (IsUri(text))
            return new PostgresRunStore(FromUri(text));
        if (StartsWithKey(text, "Host") || StartsWithKey(text, "Server") || text.Contains(";Host=", StringComparison.OrdinalIgnoreCase))
            return new PostgresRunStore(Parsed(text));
        if (StartsWithKey(text, "Data Source"))
            return new SqliteRunStore(text[(text.IndexOf('=', StringComparison.Ordinal) + 1)..].Trim().TrimEnd(';'));
        return new SqliteRunStore(text.StartsWith("sqlite:", StringComparison.OrdinalIgnoreCase) ? text["sqlite:".Length..] : text);
    }

    static bool IsUri(string text) =>
        text.StartsWith("postgres://", StringComparison.OrdinalIgnoreCase) ||
        text.StartsWith("postgresql://", StringComparison.OrdinalIgnoreCase);

    static bool StartsWithKey(string text, string key) =>
        text.StartsWith(key, StringComparison.OrdinalIgnoreCase) && text[key.Length..].TrimStart().StartsWith('=');

    /// <summary>The message must not repeat the text: it may hold a password.</summary>
    static string Parsed(string connectionString)
    {
        try
        {
            return new NpgsqlConnectionStringBuilder(connectionString).ConnectionString;
        }
        catch (Exception ex) when (ex is ArgumentException or FormatException)
        {
            throw new ArgumentException($"The Postgres connection string of the record store is not understood: {ex.Message}");
        }
    }

    static string FromUri(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Host.Length == 0)
            throw new ArgumentException(
                "The record store's postgres:// address is not understood; write postgres://USER@HOST:PORT/DATABASE.");

        var user = uri.UserInfo.Split(':', 2);
        var settings = new NpgsqlConnectionStringBuilder
        {
            Host = uri.Host,
            Port = uri.Port > 0 ? uri.Port : 5432,
            Database = Uri.UnescapeDataString(uri.AbsolutePath.TrimStart('/')),
        };
        if (user[0].Length > 0)
            settings.Username = Uri.UnescapeDataString(user[0]);
        if (user.Length > 1)
            settings.Password = Uri.UnescapeDataString(user[1]);
        foreach (var pair in uri.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = pair.Split('=', 2);
            settings[Uri.UnescapeDataString(parts[0])] = Uri.UnescapeDataString(parts.ElementAtOrDefault(1) ?? "");
        }

        return settings.ConnectionString;
    }
}
