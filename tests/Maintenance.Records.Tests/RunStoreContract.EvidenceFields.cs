namespace Maintenance.Records.Tests;

/// <summary>The evidence covers all that is recorded: each column that there is, also one that a later migration adds.</summary>
public abstract partial class RunStoreContract
{
    /// <summary>What another value of these columns must look like; any other column takes a changed number, time, flag or text.</summary>
    static readonly Dictionary<string, string> OtherValues = new()
    {
        ["run.cause"] = "'manual'", ["run.status"] = "'succeeded'", ["run.input"] = "'{}'", ["run.outputs"] = "'{}'",
        ["run.locks"] = "'[]'", ["run.actions"] = "'[]'",
        ["step.part"] = "'undo'", ["step.status"] = "'succeeded'", ["step.outputs"] = "'{}'",
        ["attempt.outcome"] = "'succeeded'", ["attempt.recovery"] = "'unknown'", ["attempt.containment"] = "'best_effort'",
        ["approval.decision"] = "'rejected'", ["approval.detail"] = "'{}'",
        ["evidence.kind"] = "'pruned'", ["evidence.outputs"] = "'[]'", ["evidence.pruned_by"] = "1",
    };

    /// <summary>When output may be deleted is no part of the evidence; an output under another name is one that was deleted, which is counted.</summary>
    static readonly HashSet<string> NoEvidence = ["attempt_output.stored_at", "attempt_output.execution_run_id", "attempt_output.activity_id"];

    /// <summary>The columns of a table, with an expression that gives another value of the column's type.</summary>
    internal abstract Task<IReadOnlyList<(string Column, string Other)>> ColumnsOfAsync(string table);

    /// <summary>For one connection: references are not looked at, as with somebody who knows how to get past them.</summary>
    internal abstract string WithoutReferences { get; }

    [Theory]
    [InlineData("run", "")]
    [InlineData("step", "and position = 1")]
    [InlineData("attempt", "and position = 1 and number = 1")]
    [InlineData("approval", "and ordinal = 0")]
    [InlineData("attempt_output", "and activity_id = 'restore/1'")]
    public async Task Whichever_column_of_a_run_is_changed_is_found(string table, string row)
    {
        var columns = (await ColumnsOfAsync(table)).Where(column => !NoEvidence.Contains($"{table}.{column.Column}")).ToList();
        foreach (var (column, _) in columns)
            await SealAsync(column);
        await AssertUntouchedAsync(links: columns.Count, runs: columns.Count);

        var key = table == "attempt_output" ? "execution_run_id" : "run_id";
        foreach (var (column, other) in columns)
            await TamperAsync($"{WithoutReferences}; update {table} set {column} = {OtherValues.GetValueOrDefault($"{table}.{column}", other)} where {key} = '{column}' {row}");

        var found = (await new EvidenceVerification(Store).RunAsync(null, Token)).Findings.Select(finding => finding.RunId).ToHashSet();
        Assert.NotEmpty(columns);
        Assert.Equal([], columns.Select(column => column.Column).Except(found));
    }

    [Fact]
    public async Task Whichever_column_of_a_link_is_changed_is_found()
    {
        await SealAsync("r1");
        await SealAsync("r2");
        await TamperAsync("create table kept as select * from evidence where run_id = 'r2'");
        foreach (var (column, other) in await ColumnsOfAsync("evidence"))
        {
            await TamperAsync($"update evidence set {column} = {OtherValues.GetValueOrDefault($"evidence.{column}", other)} where run_id = 'r2'");
            var findings = (await new EvidenceVerification(Store).RunAsync(null, Token)).Findings;
            Assert.True(findings.Count > 0, $"evidence.{column} was changed, and nobody saw it");
            await TamperAsync("delete from evidence where sequence > 1 or run_id <> 'r1'; insert into evidence select * from kept");
            await AssertUntouchedAsync(links: 2, runs: 2);
        }
    }

    [Fact]
    public async Task A_run_that_an_earlier_version_sealed_is_verified_by_that_versions_fields_and_needs_no_second_link()
    {
        var run = Some.FullRun("r1");
        await Store.FinishRunAsync(run, [], Token);
        var link = (await Store.GetEvidenceAsync("r1", Token))!;
        var earlier = EvidenceText.Of((await Store.GetRunAsync("r1", Token))!, link.Outputs, EvidenceText.OldestFormat);
        var hash = EvidenceLink.HashOf(link.PreviousHash, 1, EvidenceKind.Run, "r1", earlier.Hash);
        await TamperAsync($"update evidence set format = 1, content_hash = '{earlier.Hash}', marks = '{earlier.Marks}', hash = '{hash}'; update evidence_head set hash = '{hash}'");

        await AssertUntouchedAsync(links: 1, runs: 1);
        await Store.FinishRunAsync(run, [], Token);
        await AssertUntouchedAsync(links: 1, runs: 1);
        await TamperAsync("update run set reason = 'all well' where run_id = 'r1'");
        Assert.Contains("run.reason", Assert.Single((await new EvidenceVerification(Store).RunAsync(null, Token)).Findings).What);
    }

    async Task SealAsync(string run)
    {
        var full = Some.FullRun(run);
        await Store.PutFullOutputAsync(run, "restore/1", "all of it", Some.Start, Token);
        await Store.FinishRunAsync(
            full with { Steps = OwnSteps(run), Approvals = [full.Approvals[0], full.Approvals[0] with { Message = "Really?" }] }, [], Token);
    }
}
