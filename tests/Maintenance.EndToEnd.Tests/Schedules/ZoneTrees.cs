using System.Globalization;
using Maintenance.EndToEnd.Tests.Harness;

namespace Maintenance.EndToEnd.Tests.Schedules;

/// <summary>
/// Two editions of the tz database with one zone, compiled by the real <c>zic</c>, and the link that says which of them the machine has. In the first the
/// zone's clock goes forward ten days from now, in the second a day later.
/// </summary>
sealed class ZoneTrees(string folder)
{
    public const string Zone = "Test/Moving";
    public const string First = "2999a";
    public const string Second = "2999b";

    /// <summary>What TZDIR names.</summary>
    public string Current => Path.Combine(folder, "zoneinfo");

    /// <param name="today">By the zone's clock, an hour ahead of UTC so far.</param>
    /// <param name="hour">At which the clock goes forward.</param>
    public async Task CreateAsync(DateOnly today, int hour)
    {
        await CompileAsync(First, today.AddDays(10), hour);
        await CompileAsync(Second, today.AddDays(11), hour);
        await SwitchToAsync(First);
    }

    /// <summary>In one step, as a package is replaced.</summary>
    public Task SwitchToAsync(string version) =>
        Programs.BashAsync($"ln -sfn {version} {Current}.new; mv -T {Current}.new {Current}", folder);

    async Task CompileAsync(string version, DateOnly change, int hour)
    {
        var until = change.ToString("yyyy MMM d", CultureInfo.InvariantCulture);
        File.WriteAllText(Path.Combine(folder, $"{version}.zi"), $"Zone {Zone} 1:00 - AA {until} {hour}:00\n 2:00 - BB\n");
        await Programs.BashAsync($"/usr/sbin/zic -d {version} {version}.zi; echo '# version {version}' >{version}/tzdata.zi", folder);
    }
}
