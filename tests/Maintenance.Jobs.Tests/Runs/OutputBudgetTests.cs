using System.Text.Json;
using Maintenance.Jobs.Runs;
using Maintenance.Records;

namespace Maintenance.Jobs.Tests.Runs;

public class OutputBudgetTests
{
    const int PayloadMax = 2 * 1024 * 1024;

    [Theory]
    [InlineData(1, 1, 10, 10)]
    [InlineData(200, 3, 32_000, 100)]
    [InlineData(1000, 1, 32_000, 60_000)]
    [InlineData(1000, 20, 32_000, 10)]
    public void A_record_fits_one_payload_however_much_was_written(int steps, int attempts, int outputChars, int valueChars)
    {
        // The letters that JSON takes most room for.
        var record = OutputBudget.Apply([.. Enumerable.Range(1, steps).Select(n => Step(n, attempts, new string('\u00e9', outputChars), new string('\u00e9', valueChars)))]);

        Assert.InRange(JsonSerializer.SerializeToUtf8Bytes(record).Length, 1, PayloadMax - (64 * 1024));
        Assert.Equal(steps, record.Count);
        Assert.All(record, s => Assert.Equal("last", s.Attempts[^1].Reason));
    }

    [Fact]
    public void What_fits_is_left_alone()
    {
        var steps = Enumerable.Range(1, 50).Select(n => Step(n, 2, new string('x', 5_000), "v")).ToList();

        Assert.Equal(JsonSerializer.Serialize(steps), JsonSerializer.Serialize(OutputBudget.Apply(steps)));
    }

    static StepRecord Step(int position, int attempts, string output, string value) => new()
    {
        Position = position,
        Name = $"patch[web-{position}]",
        Kind = "run",
        Status = StepStatus.Succeeded,
        StartedAt = DateTimeOffset.UtcNow,
        FinishedAt = DateTimeOffset.UtcNow,
        Outputs = new Dictionary<string, string> { ["value"] = value },
        Attempts =
        [
            .. Enumerable.Range(1, attempts).Select(n => new AttemptRecord
            {
                Number = n,
                ExecutionRunId = Guid.NewGuid().ToString(),
                ActivityId = $"patch[web-{position}]/{n}",
                Outcome = AttemptOutcome.Succeeded,
                ExitCode = 0,
                HostId = $"web-{position}",
                HostName = $"web-{position}.example.com",
                StartedAt = DateTimeOffset.UtcNow,
                FinishedAt = DateTimeOffset.UtcNow,
                Reason = n == attempts ? "last" : "earlier",
                Output = new AttemptOutput { Head = output[..(output.Length / 4)], Tail = output[(output.Length / 4)..], TotalBytes = output.Length },
            }),
        ],
    };
}
