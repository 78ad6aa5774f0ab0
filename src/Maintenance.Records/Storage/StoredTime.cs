using System.Data;
using Dapper;
using Microsoft.Data.Sqlite;

namespace Maintenance.Records;

/// <summary>
/// Times as both databases keep them: UTC, microseconds; what is finer is cut off so that both return the same. Postgres has a type for
/// that; SQLite counts from 1970.
/// </summary>
sealed class StoredTime : SqlMapper.ITypeHandler
{
    /// <summary>Dapper knows the type already; without this it would not ask for another way.</summary>
    public static void Register()
    {
        SqlMapper.RemoveTypeMap(typeof(DateTimeOffset));
        SqlMapper.RemoveTypeMap(typeof(DateTimeOffset?));
        SqlMapper.AddTypeHandler(typeof(DateTimeOffset), new StoredTime());
    }

    public static DateTimeOffset Of(DateTimeOffset time) => new(time.UtcTicks - time.UtcTicks % TimeSpan.TicksPerMicrosecond, TimeSpan.Zero);

    public static DateTimeOffset? Of(DateTimeOffset? time) => time is { } value ? Of(value) : null;

    public static long ToMicroseconds(DateTimeOffset time) =>
        (time.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;

    /// <summary>Without a value too the parameter has a type, which Postgres wants to know.</summary>
    public void SetValue(IDbDataParameter parameter, object value)
    {
        var isSqlite = parameter is SqliteParameter;
        parameter.DbType = isSqlite ? DbType.Int64 : DbType.DateTime;
        parameter.Value = value is not DateTimeOffset time ? DBNull.Value : isSqlite ? ToMicroseconds(time) : Of(time).UtcDateTime;
    }

    public object Parse(Type destinationType, object value) => value switch
    {
        DateTime time => new DateTimeOffset(DateTime.SpecifyKind(time, DateTimeKind.Utc)),
        long microseconds => DateTimeOffset.UnixEpoch.AddTicks(microseconds * TimeSpan.TicksPerMicrosecond),
        _ => throw new InvalidCastException($"The record store holds a time as {value.GetType().Name}."),
    };
}
