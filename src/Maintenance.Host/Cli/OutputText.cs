using Maintenance.Records;

namespace Maintenance.Host.Cli;

/// <summary>What an attempt wrote, as far as the record kept it.</summary>
static class OutputText
{
    public static string Joined(AttemptOutput? output) => output switch
    {
        null => "",
        { CutBytes: 0 } => output.Head,
        _ => $"{output.Head}\n[{output.CutBytes} bytes are not kept]\n{output.Tail}",
    };
}
