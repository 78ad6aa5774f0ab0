using System.Globalization;
using System.Text.Json;
using Maintenance.Host.Cli;

namespace Maintenance.Host.Tests.Next;

/// <summary>A call of <c>maintenance next</c> in this process, from the words on its command line to its exit code.</summary>
sealed record NextCall(int ExitCode, string Output, string Errors)
{
    public static async Task<NextCall> RunAsync(params string[] arguments)
    {
        var (output, errors) = (new StringWriter(CultureInfo.InvariantCulture), new StringWriter(CultureInfo.InvariantCulture));
        var exitCode = await CommandLine.RunAsync(["next", .. arguments], new Terminal(output, errors));
        return new NextCall(exitCode, output.ToString(), errors.ToString());
    }

    public IReadOnlyList<DateTimeOffset> Times
    {
        get
        {
            using var json = JsonDocument.Parse(Output);
            return [.. json.RootElement.GetProperty("times").EnumerateArray().Select(time => time.GetDateTimeOffset())];
        }
    }
}
