using System.Security.Cryptography;
using System.Text;
using Maintenance.Jobs.Attempts.Posix;

namespace Maintenance.Jobs.Attempts;

/// <summary>
/// Which values an attempt was given, so that they can be taken out of what it wrote. They are written nowhere. The worker that started
/// the attempt knows them; a later one reads them from the environment of the supervisor, and when that is gone too it looks them up again
/// and checks them against a fingerprint, because a value may have been changed since.
/// </summary>
static class AttemptSecrets
{
    // Enough to notice a change, far too little to find a value by trying.
    const int FingerprintBytes = 2;

    public static IReadOnlyDictionary<string, string> Fingerprints(AttemptKey key, IReadOnlyDictionary<string, string> values) =>
        values.ToDictionary(v => v.Key, v => Fingerprint(key, v.Value), StringComparer.Ordinal);

    /// <summary>Null when a value is no longer known: what cannot be redacted does not leave the host.</summary>
    public static async Task<Redactor?> RecoverAsync(AttemptTicket ticket, ProcessIdentity? supervisor, CancellationToken cancellationToken)
    {
        if (ticket.Secrets.Count == 0)
            return Redactor.None;
        if (supervisor is { IsAlive: true } alive && FromEnvironment(alive, ticket) is { } given)
            return new Redactor(given);
        var (values, missing) = await SecretSource.ResolveAsync(ticket.Secrets, cancellationToken);
        return missing is null && values.All(v => IsUnchanged(ticket, v.Key, v.Value)) ? new Redactor(values.Values) : null;
    }

    static List<string>? FromEnvironment(ProcessIdentity supervisor, AttemptTicket ticket)
    {
        if (ProcessTable.EnvironmentOf(supervisor.Pid) is not { } environment || !supervisor.IsAlive)
            return null;
        var values = new List<string>();
        foreach (var name in ticket.Secrets.Keys)
        {
            if (!environment.TryGetValue(name, out var value) || !IsUnchanged(ticket, name, value))
                return null;
            values.Add(value);
        }

        return values;
    }

    static bool IsUnchanged(AttemptTicket ticket, string name, string value) =>
        ticket.Fingerprints.TryGetValue(name, out var known) && known == Fingerprint(ticket.Key, value);

    static string Fingerprint(AttemptKey key, string value) =>
        Convert.ToHexString(
            HMACSHA256.HashData(Encoding.UTF8.GetBytes(key.FolderName), Encoding.UTF8.GetBytes(value)).AsSpan(0, FingerprintBytes));
}
