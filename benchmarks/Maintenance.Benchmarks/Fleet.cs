using System.Diagnostics;
using System.Globalization;

namespace Maintenance.Benchmarks;

/// <summary>
/// Whole commands of the published program against the running one, with many schedules: what an operator waits for. As in a real fleet
/// most are daily, some are frequent, few need a list of their due times; none is due in the next two hours, so that no run disturbs the
/// measurement.
/// </summary>
sealed class Fleet
{
    readonly Product _product;
    readonly string _program;
    readonly string _schedules;

    public Fleet(Product product, string program, int count)
    {
        (_product, _program) = (product, program);
        var folder = Directory.CreateDirectory(Path.Combine(product.Folder, "fleet")).FullName;
        var job = Directory.CreateDirectory(Path.Combine(folder, "jobs", "probe")).FullName;
        foreach (var file in Directory.GetFiles(Path.Combine(product.Folder, "jobs", "probe")))
            File.Copy(file, Path.Combine(job, Path.GetFileName(file)));
        _schedules = Path.Combine(folder, "schedules.json");
        var hour = DateTime.UtcNow.Hour;
        var entries = Enumerable.Range(0, count).Select(i => Entry(i, (hour + 3 + (i / 60 % 18)) % 24));
        File.WriteAllText(_schedules, $$"""{ "timeZone": "Europe/Berlin", "schedules": [ {{string.Join(",\n", entries)}} ] }""");
    }

    /// <param name="arguments">A verb and its flags, which must end with exit code 0.</param>
    public async Task<Command> RunAsync(params string[] arguments)
    {
        var self = Environment.ProcessId;
        var (children, server) = (ProcessUse.ChildrenMs(self), ProcessUse.OwnProcessorMs(_product.Pid));
        var started = Stopwatch.GetTimestamp();
        using var process = Process.Start(new ProcessStartInfo(
            "dotnet", [_program, .. arguments, "--data", Path.Combine(_product.Folder, "data"), "--schedules", _schedules])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        var took = Stopwatch.GetElapsedTime(started);
        return process.ExitCode == 0
            ? new(
                took.TotalSeconds, (ProcessUse.ChildrenMs(self) - children) / 1000,
                (ProcessUse.OwnProcessorMs(_product.Pid) - server) / 1000)
            : throw new InvalidOperationException(
                $"{string.Join(' ', arguments)} ended with {process.ExitCode}: {await output} {await errors}");
    }

    static string Entry(int i, int hour)
    {
        var timing = (i % 20) switch
        {
            < 12 => $""" "cron": "{i % 60} {hour} * * *" """,
            < 16 => $""" "cron": "{i % 60} {hour}-{23} * * *", "timeZone": "UTC" """,
            < 18 => $""" "cron": "*/5 {hour} * * *", "jitter": "1m" """,
            < 19 => $""" "every": "24h", "offset": "{(hour * 60) + (i % 60)}m" """,
            _ => """ "cron": "30 2 * * *" """,
        };
        return string.Create(CultureInfo.InvariantCulture, $$"""{ "id": "s{{i:00000}}", "job": "probe", {{timing}} }""");
    }
}

/// <summary>Seconds: on the clock, of the command's processor time, and of the server's meanwhile.</summary>
sealed record Command(double OnTheClock, double Processor, double ServerProcessor);
