using Temporalio.Activities;
using Temporalio.Exceptions;

namespace Maintenance.Jobs.Tests.Runs;

/// <summary>What a plug-in's author writes: plain Temporal activities.</summary>
public sealed class SamplePlugin
{
    [Activity("dns.update")]
    public Task<DnsAnswer> UpdateAsync(DnsQuestion question) => Task.FromResult(new DnsAnswer(question.Zone + ".", question.Records.Count));

    [Activity("dns.refuse")]
    public static void Refuse() => throw new ApplicationFailureException("the zone is locked", nonRetryable: true);

    /// <summary>How often <c>dns.hang</c> has been begun.</summary>
    internal static int Hung;

    [Activity("dns.hang")]
    public static Task HangAsync()
    {
        Interlocked.Increment(ref Hung);
        return Task.Delay(Timeout.Infinite, ActivityExecutionContext.Current.CancellationToken);
    }
}

public sealed record DnsQuestion(string Zone, IReadOnlyList<string> Records);

public sealed record DnsAnswer(string Zone, int Count);
