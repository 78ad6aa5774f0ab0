using System.Text.Json;
using Maintenance.Records.Reports;
using StrictSeq = Serilog.Sinks.Seq.Tests.SeqReceiver;

namespace Maintenance.Records.Tests.Reports;

/// <summary>Templates and property names are API: signals and dashboards of users depend on them.</summary>
public sealed class ReportEventTests
{
    static readonly ReportOptions Options = new() { SeqServerUrl = "http://seq", TemporalUi = "http://ui:8080/" };

    [Fact]
    public void A_run_report_has_exactly_the_documented_properties()
    {
        var report = Json(new RunReports(Options).Of(Some.FullRun("0b1f6f5e-5d43-4c5e-9a62-1f0c7b6d2a11"))[^1]);

        Assert.Equal(
            "@t @mt @i @l @tr @sp @st ReportKind Application Installation Job Schedule RunId WorkflowId Outcome Reason DurationMs DueAt LateMs " +
            "Cause Requester RequesterVerified ParentRunId Steps Attempts FailedStep Input BundleHash GitCommit Host TimeZoneVersion Approvals " +
            "Link ReportId Outputs",
            string.Join(' ', report.EnumerateObject().Select(member => member.Name)));
        Assert.Equal("Run {RunId} of {Job} ended {Outcome} after {DurationMs} ms", report.GetProperty("@mt").GetString());
        Assert.Equal("Failed", report.GetProperty("Outcome").GetString());
        Assert.Equal("Error", report.GetProperty("@l").GetString());
        Assert.Equal(42_000, report.GetProperty("DurationMs").GetInt64());
        Assert.Equal(3_000, report.GetProperty("LateMs").GetInt64());
        Assert.Equal("restore", report.GetProperty("FailedStep").GetString());
        Assert.Equal("12", report.GetProperty("Outputs").GetProperty("rows").GetString());
        Assert.Equal("orders", report.GetProperty("Input").GetProperty("database").GetString());
        Assert.Equal("run/0b1f6f5e-5d43-4c5e-9a62-1f0c7b6d2a11", report.GetProperty("ReportId").GetString());
        Assert.Equal("0b1f6f5e5d434c5e9a621f0c7b6d2a11", report.GetProperty("@tr").GetString());
        Assert.Equal(
            "http://ui:8080/namespaces/default/workflows/wf-0b1f6f5e-5d43-4c5e-9a62-1f0c7b6d2a11/0b1f6f5e-5d43-4c5e-9a62-1f0c7b6d2a11/history",
            report.GetProperty("Link").GetString());
    }

    [Fact]
    public void A_step_report_has_exactly_the_documented_properties()
    {
        var report = Json(new RunReports(Options).Of(Some.FullRun("r1"))[0]);

        Assert.Equal(
            "@t @mt @i @l @tr @sp @ps @st ReportKind Application Installation Job Schedule RunId WorkflowId Step StepKind Part Position Outcome " +
            "Reason DurationMs Attempts ExitCode Recovery Containment Host OutputBytes Link ReportId Outputs",
            string.Join(' ', report.EnumerateObject().Select(member => member.Name)));
        Assert.Equal(2, report.GetProperty("ExitCode").GetInt32());
        Assert.Equal(2, report.GetProperty("Attempts").GetInt32());
        Assert.Equal("Adopted", report.GetProperty("Recovery").GetString());
    }

    [Fact]
    public void Steps_report_before_their_run_and_only_when_they_were_reached()
    {
        var run = Some.FullRun("r1");
        var messages = new RunReports(Options).Of(run with { Steps = [.. run.Steps, new() { Position = 3, Name = "never", Kind = "run", Status = StepStatus.Pending }] });

        Assert.Equal(["seq/step/r1/1", "seq/step/r1/2", "seq/run/r1"], messages.Select(message => message.Id));
        Assert.Equal(messages.Select(message => message.Sequence), messages.Select(message => message.Sequence).Order());
    }

    [Fact]
    public void The_same_run_makes_the_same_messages() =>
        Assert.Equal(new RunReports(Options).Of(Some.FullRun("r1")), new RunReports(Options).Of(Some.FullRun("r1")));

    [Fact]
    public void Without_receivers_nothing_is_written()
    {
        var reports = new RunReports(new() { SeqServerUrl = "", WebhookUrl = null });

        Assert.Empty(reports.Of(Some.FullRun("r1")));
        Assert.Empty(reports.OfApproval(Some.News("r1", "w1", "job")));
    }

    [Fact]
    public void A_report_that_would_be_too_large_goes_without_its_outputs()
    {
        var run = Some.FullRun("r1") with { Outputs = new Dictionary<string, string> { ["big"] = new('x', 300_000) } };

        var message = new RunReports(Options).Of(run)[^1];

        Assert.True(message.PayloadJson.Length < 10_000);
        Assert.True(Json(message).GetProperty("OutputsLeftOut").GetBoolean());
    }

    [Fact]
    public async Task A_strict_server_takes_every_kind_of_report()
    {
        await using var seq = await StrictSeq.StartAsync(apiKey: "k");
        using var receiver = new SeqReceiver(seq.Url + "/", "k", TimeProvider.System);
        var reports = new RunReports(Options);
        var hostile = Some.FullRun("r2") with { Reason = "a\0b\ud800 \u2028\n", InputJson = "{" };
        IReadOnlyList<OutboxMessage> messages =
        [
            .. reports.Of(Some.FullRun("r1")), .. reports.Of(Some.FinishedRun("bare")), .. reports.Of(hostile),
            .. reports.OfApproval(Some.News("r1", "w1", "job")),
        ];

        var outcome = await receiver.DeliverAsync(messages, TestContext.Current.CancellationToken);

        Assert.Empty(seq.Complaints);
        Assert.IsType<Delivery.Delivered>(outcome);
        Assert.Equal(messages.Count, seq.Events.Count);
    }

    static JsonElement Json(OutboxMessage message) => JsonDocument.Parse(message.PayloadJson).RootElement;
}
