using System.Text.Json;
using Maintenance.EndToEnd.Tests.Harness;

namespace Maintenance.EndToEnd.Tests.Commands;

/// <summary><c>maintenance doctor</c> finds what is ill, and only that.</summary>
public sealed class DoctorTests : IAsyncLifetime
{
    readonly Installation _installation = new();

    public ValueTask InitializeAsync()
    {
        _installation.TakeJob("hello");
        _installation.Schedules("""{ "id": "h", "job": "hello", "cron": "0 0 1 1 *" }""");
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => _installation.DisposeAsync();

    [Fact]
    public async Task Everything_is_well_while_up_runs_and_the_server_is_ill_without_it()
    {
        var up = await _installation.StartAsync();
        var well = await _installation.CommandAsync("doctor");
        await up.KillAsync();
        var ill = await _installation.CommandAsync("doctor", "--json");

        Assert.True(well.ExitCode == 0, well.ToString());
        Assert.DoesNotContain("ILL", well.Output);
        Assert.Equal(1, ill.ExitCode);
        Assert.Equal(["server"], IllParts(ill));
    }

    [Fact]
    public async Task A_broken_file_is_ill()
    {
        _installation.Write("schedules.json", "{ nothing");

        Assert.Contains("files", IllParts(await _installation.CommandAsync("doctor", "--json")));
    }

    static IEnumerable<string?> IllParts(Ended doctor) =>
        JsonDocument.Parse(doctor.Output).RootElement.EnumerateArray()
            .Where(finding => finding.GetProperty("health").GetString() == "ill")
            .Select(finding => finding.GetProperty("part").GetString());
}
