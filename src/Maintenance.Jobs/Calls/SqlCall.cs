using System.Data;
using System.Data.Common;
using System.Globalization;
using System.Text;
using Maintenance.Jobs.Attempts;
using Maintenance.Jobs.Definition;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Maintenance.Jobs.Calls;

/// <summary>One statement or script in one transaction; it is committed only when everything is as expected.</summary>
static class SqlCall
{
    public static async Task<CallResult> MakeAsync(SqlStep sql, CancellationToken stop)
    {
        var (secrets, refusal) = await SecretSource.ResolveAsync(new Dictionary<string, string> { ["connection"] = sql.Connection }, stop);
        if (refusal is not null)
            return CallResult.Of(refusal);
        var redactor = new Redactor(SqlConnections.SecretsOf(secrets["connection"]));
        try
        {
            await using var connection = SqlConnections.Open(secrets["connection"]);
            await connection.OpenAsync(stop);
            return await RunAsync(connection, sql, redactor, stop);
        }
        catch (ArgumentException broken)
        {
            return CallResult.Impossible(
                "CONNECTION", redactor.Redact($"The connection string ({sql.Connection}) is not understood: {broken.Message}"));
        }
        catch (DbException failed)
        {
            stop.ThrowIfCancellationRequested();
            // What the database says about the statement itself does not change by trying again.
            var final = failed is PostgresException { SqlState: ['4', '2', ..] } or SqliteException { SqliteErrorCode: 1 };
            return CallResult.Of(new AttemptOutcome.Failed(redactor.Redact($"failed: {failed.Message.TrimEnd('.')}"), final));
        }
    }

    static async Task<CallResult> RunAsync(DbConnection connection, SqlStep sql, Redactor redactor, CancellationToken stop)
    {
        if (connection is SqliteConnection && sql.ReadOnly)
            await ExecuteAsync(connection, "pragma query_only = on", stop);
        // SQLite's plain transaction asks for the right to write at once.
        await using var transaction = connection is SqliteConnection lite && sql.ReadOnly
            ? lite.BeginTransaction(deferred: true)
            : await connection.BeginTransactionAsync(stop);
        if (connection is NpgsqlConnection && sql.ReadOnly)
            await ExecuteAsync(connection, "set transaction read only", stop);
        await using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = sql.Query ?? "";
        // The step's own limit cancels the statement.
        command.CommandTimeout = 0;
        foreach (var (name, value) in sql.Values)
            command.Parameters.Add(Parameter(command, name, value));
        var result = await SqlResult.ReadAsync(command, sql.RowsMax, stop);
        var output = redactor.Redact(result.ToText());
        if (SqlResult.Violation(sql.Expect, result) is { } wrong)
        {
            await transaction.RollbackAsync(stop);
            return CallResult.Missed(redactor.Redact(wrong), output);
        }

        var outputs = result.Counts();
        foreach (var name in sql.Outputs)
        {
            if (result.First(name) is not { } value)
            {
                await transaction.RollbackAsync(stop);
                return CallResult.Missed(
                    result.Rows.Count == 0 ? $"returned no row for the output '{name}'" : $"returned no column '{name}'", output);
            }

            outputs[name] = redactor.Redact(value);
        }

        await transaction.CommitAsync(stop);
        return new CallResult(new AttemptOutcome.Done()) { Outputs = outputs, Output = output };
    }

    /// <summary>Postgres takes the text for whatever type the place wants; SQLite compares it by the column's affinity.</summary>
    static DbParameter Parameter(DbCommand command, string name, string value)
    {
        if (command is NpgsqlCommand)
            return new NpgsqlParameter(name, NpgsqlTypes.NpgsqlDbType.Unknown) { Value = value };
        var parameter = command.CreateParameter();
        (parameter.ParameterName, parameter.Value) = ("@" + name, value);
        return parameter;
    }

    static async Task ExecuteAsync(DbConnection connection, string text, CancellationToken stop)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = text;
        await command.ExecuteNonQueryAsync(stop);
    }
}

/// <summary>What came back: the rows of the last statement that returned some, and how many rows all of them changed.</summary>
sealed record SqlResult(IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<string>> Rows, bool Cut, long Affected)
{
    const int ShownRows = 50;

    public static async Task<SqlResult> ReadAsync(DbCommand command, int rowsMax, CancellationToken stop)
    {
        await using var reader = await command.ExecuteReaderAsync(stop);
        var result = new SqlResult([], [], Cut: false, 0);
        do
        {
            if (reader.FieldCount > 0)
                result = await RowsAsync(reader, rowsMax, stop);
        }
        while (await reader.NextResultAsync(stop));
        await reader.CloseAsync();
        return result with { Affected = Math.Max(0, reader.RecordsAffected) };
    }

    static async Task<SqlResult> RowsAsync(DbDataReader reader, int rowsMax, CancellationToken stop)
    {
        List<string> columns = [.. Enumerable.Range(0, reader.FieldCount).Select(reader.GetName)];
        var rows = new List<IReadOnlyList<string>>();
        while (await reader.ReadAsync(stop))
        {
            if (rows.Count == rowsMax)
                return new SqlResult(columns, rows, Cut: true, 0);
            rows.Add([.. columns.Select((_, i) => Text(reader.GetValue(i)))]);
        }

        return new SqlResult(columns, rows, Cut: false, 0);
    }

    static string Text(object value) => value switch
    {
        DBNull => "",
        bool yes => yes ? "true" : "false",
        DateTime time => time.ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFK", CultureInfo.InvariantCulture),
        byte[] bytes => Convert.ToHexStringLower(bytes),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };

    public string? First(string column) =>
        Rows.Count > 0 && Columns.ToList().FindIndex(c => string.Equals(c, column, StringComparison.OrdinalIgnoreCase)) is var at and >= 0
            ? Rows[0][at]
            : null;

    public Dictionary<string, string> Counts() => new()
    {
        ["rows"] = Rows.Count.ToString(CultureInfo.InvariantCulture), ["affected"] = Affected.ToString(CultureInfo.InvariantCulture),
    };

    /// <summary>Null when everything is as expected.</summary>
    public static string? Violation(SqlExpectation expect, SqlResult result)
    {
        if (expect.Rows is { } rows && !rows.Holds(result.Rows.Count))
            return $"returned {result.Rows.Count}{(result.Cut ? " or more" : "")} rows, expected {rows}";
        if (expect.Affected is { } affected && !affected.Holds(result.Affected))
            return $"changed {result.Affected} rows, expected {affected}; nothing was committed";
        foreach (var (column, wanted) in expect.Values)
        {
            if (result.First(column) is var found && found != wanted)
                return $"returned {column} = {found ?? "nothing"}, expected {wanted}";
        }

        return null;
    }

    public string ToText()
    {
        if (Columns.Count == 0)
            return $"{Affected} rows changed\n";
        var text = new StringBuilder(string.Join('\t', Columns)).Append('\n');
        foreach (var row in Rows.Take(ShownRows))
            text.AppendJoin('\t', row).Append('\n');
        if (Rows.Count > ShownRows || Cut)
            text.Append(CultureInfo.InvariantCulture, $"… {Rows.Count}{(Cut ? " or more" : "")} rows in all\n");
        return text.ToString();
    }
}
