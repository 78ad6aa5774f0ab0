using System.Data.Common;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Maintenance.Jobs.Calls;

/// <summary>
/// Chooses the database by the look of the connection string: <c>postgres://…</c> or <c>Host=…</c> is Postgres, <c>Data Source=…</c>,
/// <c>sqlite:PATH</c> or a path is SQLite.
/// </summary>
static class SqlConnections
{
    /// <exception cref="ArgumentException">It is none of them; the message does not repeat it.</exception>
    public static DbConnection Open(string text)
    {
        text = text.Trim();
        if (IsPostgresUri(text))
            return new NpgsqlConnection(FromUri(text).ConnectionString);
        if (text.StartsWith("sqlite:", StringComparison.OrdinalIgnoreCase))
            return Sqlite(text["sqlite:".Length..]);
        if (text.StartsWith('/'))
            return Sqlite(text);
        return text.StartsWith("Data Source", StringComparison.OrdinalIgnoreCase)
            ? new SqliteConnection(new SqliteConnectionStringBuilder(text) { Pooling = false }.ConnectionString)
            : new NpgsqlConnection(new NpgsqlConnectionStringBuilder(text) { Pooling = false }.ConnectionString);
    }

    /// <summary>The parts that must not be seen: the whole text and the password in it.</summary>
    public static IEnumerable<string> SecretsOf(string text)
    {
        yield return text.Trim();
        var password = "";
        try
        {
            password = IsPostgresUri(text) ? FromUri(text.Trim()).Password : new NpgsqlConnectionStringBuilder(text).Password;
        }
        catch (ArgumentException)
        {
            // No Postgres connection string: a SQLite path has no password.
            yield break;
        }

        if (!string.IsNullOrEmpty(password))
            yield return password;
    }

    static SqliteConnection Sqlite(string path) =>
        new(new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadWrite, Pooling = false }.ConnectionString);

    static bool IsPostgresUri(string text) =>
        text.StartsWith("postgres://", StringComparison.OrdinalIgnoreCase)
            || text.StartsWith("postgresql://", StringComparison.OrdinalIgnoreCase);

    static NpgsqlConnectionStringBuilder FromUri(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Host.Length == 0)
            throw new ArgumentException("write postgres://USER@HOST:PORT/DATABASE.");
        var user = uri.UserInfo.Split(':', 2);
        var settings = new NpgsqlConnectionStringBuilder
        {
            Host = uri.Host, Port = uri.Port > 0 ? uri.Port : 5432, Database = Uri.UnescapeDataString(uri.AbsolutePath.TrimStart('/')),
            Pooling = false,
        };
        if (user[0].Length > 0)
            settings.Username = Uri.UnescapeDataString(user[0]);
        if (user.Length > 1)
            settings.Password = Uri.UnescapeDataString(user[1]);
        foreach (var pair in uri.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries).Select(p => p.Split('=', 2)))
            settings[Uri.UnescapeDataString(pair[0])] = Uri.UnescapeDataString(pair.ElementAtOrDefault(1) ?? "");
        return settings;
    }
}
