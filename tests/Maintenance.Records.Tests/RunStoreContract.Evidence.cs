namespace Maintenance.Records.Tests;

public abstract partial class RunStoreContract
{
    /// <summary>SQL past the store, as somebody does who wants to change what happened.</summary>
    internal abstract Task TamperAsync(string sql);

    [Fact]
    public async Task Every_finish_adds_a_link_that_holds_the_hash_of_the_one_before()
    {
        await Store.OpenRunAsync(Some.RunningRun("r1"), Token);
        await Store.FinishRunAsync(Some.FullRun("r1"), [], Token);
        await Store.FinishRunAsync(Some.FinishedRun("r2"), [], Token);
        await Store.FinishRunAsync(Some.FullRun("r1"), [], Token);

        var links = await Store.ListEvidenceAsync(0, 10, Token);
        var head = await Store.GetEvidenceHeadAsync(Token);

        Assert.Equal(["r1", "r2"], links.Select(link => link.RunId));
        Assert.Equal("runs before the chain: 0", links[0].PreviousHash);
        Assert.Equal(links[0].Hash, links[1].PreviousHash);
        Assert.Equal(EvidenceLink.HashOf(links[1].PreviousHash, 2, EvidenceKind.Run, "r2", links[1].ContentHash), links[1].Hash);
        Assert.Equal(new(2, links[1].Hash, "runs before the chain: 0"), head);
        Assert.Equal(EvidenceText.Of((await Store.GetRunAsync("r1", Token))!, links[0].Outputs).Hash, links[0].ContentHash);
        Assert.Equal([(1, 1), (1, 2)], links[0].Outputs.Select(output => (output.Position, output.Number)));
        await AssertUntouchedAsync(links: 2, runs: 2);
    }

    [Fact]
    public async Task Finishes_at_once_make_one_chain()
    {
        await Task.WhenAll(Enumerable.Range(0, 60).Select(i => Task.Run(() => Store.FinishRunAsync(Some.FullRun($"r{i % 40}"), [], Token), Token)));

        await AssertUntouchedAsync(links: 40, runs: 40);
    }

    [Theory]
    [InlineData("update run set status = 'succeeded' where run_id = 'r2'", "r2", "run.status")]
    [InlineData("update run set requester = 'eve' where run_id = 'r2'", "r2", "run.requester")]
    [InlineData("update run set git_commit = null, bundle_hash = 'x' where run_id = 'r2'", "r2", "run.bundleHash, run.gitCommit")]
    [InlineData("update run set due_at = started_at where run_id = 'r2'", "r2", "run.dueAt")]
    [InlineData("update run set finished_at = started_at where run_id = 'r2'", "r2", "run.finishedAt")]
    [InlineData("update run set time_zone_version = '2020a' where run_id = 'r2'", "r2", "run.timeZoneVersion")]
    [InlineData("update run set input = '{}' where run_id = 'r2'", "r2", "run.input")]
    [InlineData("update run set outputs = '{\"rows\":\"13\",\"path\":\"/x/ä\"}' where run_id = 'r2'", "r2", "run.outputs.\"rows\"")]
    [InlineData("update step set reason = null where run_id = 'r2' and position = 1", "r2", "step.1.reason")]
    [InlineData("update step set name = 'x' where run_id = 'r2' and position = 2", "r2", "step.2.name")]
    [InlineData("update attempt set exit_code = 0 where run_id = 'r2' and number = 2", "r2", "step.1.attempt.2.exitCode")]
    [InlineData("update approval set decided_by = 'eve' where run_id = 'r2'", "r2", "approval.1.by")]
    [InlineData("update approval set verified = not verified where run_id = 'r2'", "r2", "approval.1.verified")]
    [InlineData("delete from step where run_id = 'r2' and position = 2", "r2", "lines removed before")]
    [InlineData("update attempt_output set head = 'all well' where execution_run_id = 'r2'", "r2", "output.1.1")]
    [InlineData("update attempt_output set full_text = 'all well' where execution_run_id = 'r2'", "r2", "output.1.1")]
    [InlineData("delete from run where run_id = 'r2'", "r2", "was removed")]
    [InlineData("update run set run_id = 'r9' where run_id = 'r3'", "r9", "was inserted")]
    [InlineData("delete from run where run_id = 'r2'; delete from evidence where run_id = 'r2'", "r3", "links between them were removed")]
    [InlineData("delete from run where run_id = 'r3'; delete from evidence where run_id = 'r3'", null, "newest runs were removed")]
    [InlineData("update evidence set content_hash = 'x' where run_id = 'r2'", "r2", "the link itself was changed")]
    [InlineData("update evidence set at = 0 where run_id = 'r2'", "r2", "the link's time")]
    [InlineData("delete from run where run_id = 'r2'; update evidence set pruned_by = 3 where run_id = 'r2'", "r2", "should say so")]
    [InlineData("insert into evidence_before values ('r9')", "r1", "runs before the chain")]
    public async Task Whoever_changes_removes_or_inserts_a_run_is_found(string tampering, string? run, string what)
    {
        await Store.PutFullOutputAsync("r2", "restore/1", "all of it", Some.Start, Token);
        await Store.FinishRunAsync(Some.FullRun("r1"), [], Token);
        await Store.FinishRunAsync(Some.FullRun("r2") with { Steps = OwnSteps("r2") }, [], Token);
        await Store.FinishRunAsync(Some.FinishedRun("r3"), [], Token);
        await AssertUntouchedAsync(links: 3, runs: 3);

        await TamperAsync(tampering);

        var findings = (await new EvidenceVerification(Store).RunAsync(null, Token)).Findings;
        Assert.Contains(findings, finding => finding.RunId == run && finding.What.Contains(what, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Retention_leaves_a_chain_that_can_be_verified_and_cannot_be_used_to_hide_a_run()
    {
        for (var i = 0; i < 6; i++)
            await Store.FinishRunAsync(Some.FinishedRun($"r{i}", startedAt: Some.Start.AddDays(i)), [], Token);
        var policy = new RetentionPolicy { Runs = new() { Succeeded = TimeSpan.FromDays(10), Failed = TimeSpan.FromDays(10) } };

        await new RunRetention(Store, policy).RunAsync(Some.Start.AddDays(12), Token);
        var report = await new EvidenceVerification(Store).RunAsync(null, Token);
        await TamperAsync("delete from run where run_id = 'r4'; update evidence set pruned_by = 7 where run_id = 'r4'");
        var hidden = await new EvidenceVerification(Store).RunAsync(null, Token);

        Assert.Empty(report.Findings);
        Assert.Equal((7, 4, 2), (report.Links, report.Runs, report.Pruned));
        Assert.Contains(hidden.Findings, finding => finding.Sequence == 7 && finding.What.Contains("other runs were deleted", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_run_that_is_recorded_again_otherwise_gets_a_second_link_and_is_named()
    {
        await Store.FinishRunAsync(Some.FullRun("r1"), [], Token);
        await Store.FinishRunAsync(Some.FullRun("r1") with { Reason = "corrected" }, [], Token);

        var report = await new EvidenceVerification(Store).RunAsync(null, Token);

        Assert.Empty(report.Findings);
        Assert.Equal(["r1"], report.Rewritten);
        Assert.Equal(2, report.Links);
    }

    [Fact]
    public async Task Verifying_since_a_time_looks_only_at_what_finished_then()
    {
        for (var i = 0; i < 4; i++)
            await Store.FinishRunAsync(Some.FinishedRun($"r{i}", startedAt: Some.Start.AddDays(i)), [], Token);
        await TamperAsync("update run set reason = 'x' where run_id = 'r0'");

        Assert.Empty((await new EvidenceVerification(Store).RunAsync(Some.Start.AddDays(2), Token)).Findings);
        Assert.Equal(2, (await new EvidenceVerification(Store).RunAsync(Some.Start.AddDays(2), Token)).Links);
        Assert.Single((await new EvidenceVerification(Store).RunAsync(null, Token)).Findings);
        Assert.Equal(0, (await new EvidenceVerification(Store).RunAsync(Some.Start.AddDays(9), Token)).Links);
    }

    [Fact]
    public async Task Deleted_output_is_counted_and_its_digest_stands()
    {
        await Store.FinishRunAsync(Some.FullRun("r1"), [], Token);
        await new RunRetention(Store, new()).RunAsync(Some.Start.AddDays(91), Token);

        var report = await new EvidenceVerification(Store).RunAsync(null, Token);

        Assert.Empty(report.Findings);
        Assert.Equal(2, report.OutputsGone);
        Assert.Equal(OutputDigest.Sha256("first of restore/1"), (await Store.GetEvidenceAsync("r1", Token))?.Outputs[0].Head);
    }

    /// <summary>Outputs are kept by execution; without an execution of their own they belong to this run alone.</summary>
    static IReadOnlyList<StepRecord> OwnSteps(string run) => [.. Some.FullRun(run).Steps.Select(step => step with
    {
        Attempts = [.. step.Attempts.Select(attempt => attempt with { ExecutionRunId = null })],
    })];

    async Task AssertUntouchedAsync(long links, long runs)
    {
        var report = await new EvidenceVerification(Store).RunAsync(null, Token);
        Assert.Empty(report.Findings);
        Assert.Equal((links, runs), (report.Links, report.Runs));
    }
}
