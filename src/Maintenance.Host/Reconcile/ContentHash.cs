using System.Security.Cryptography;
using System.Text;

namespace Maintenance.Host.Reconcile;

/// <summary>Hash of everything that apply sends to the server for one schedule.</summary>
static class ContentHash
{
    public static async Task<string> OfAsync(Temporalio.Client.Schedules.Schedule schedule) =>
        Of(await TemporalSchedules.CanonicalAsync(schedule));

    public static string Of(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
