using Maintenance.Jobs.Locks;
using Maintenance.Jobs.Tests.Runs;
using Maintenance.Records;
using Temporalio.Client;
using Temporalio.Exceptions;

namespace Maintenance.Jobs.Tests.Locks;

/// <summary>
/// Places in quorums are taken behind all locks, except by a run that a <c>job</c> step started for a host: its locks come after the place that is held
/// above it. Then two runs can want what the other has.
/// </summary>
public sealed class QuorumLockTests(RunFixture it) : IClassFixture<RunFixture>
{
    [Fact]
    public async Task A_run_for_a_host_and_the_holder_of_its_lock_do_not_wait_for_each_other_for_ever()
    {
        var go = it.Scratch("pair-go");
        await InventoryAsync("pair", "pair-1");
        await it.PublishAsync("pair-inner", """{ "locks": ["pair-lock"], "steps": [ { "name": "work", "run": "ok.sh" } ] }""", ("ok.sh", "exit 0"));
        var rival = await it.StartAsync(
            "pair-rival",
            """{ "locks": ["pair-lock"], "steps": [ { "name": "gate", "run": "gate.sh" }, { "name": "each", "forEach": { "hosts": {} }, "run": "ok.sh" } ] }""",
            ("gate.sh", $"while [ ! -e {go} ]; do sleep 0.05; done"), ("ok.sh", "exit 0"));
        await Eventually.IsTrue(() => LockOf("pair-lock") is { Holders.Count: 1 }, "the rival to hold the lock");

        var outer = await it.StartAsync("pair-outer", """{ "steps": [ { "name": "each", "forEach": { "hosts": {} }, "job": "pair-inner" } ] }""");
        await Eventually.IsTrue(() => LockOf("quorum:pair") is { Holders.Count: 1 }, "the outer run to hold the place");
        await File.WriteAllTextAsync(go, "");
        await Assert.ThrowsAsync<WorkflowFailedException>(() => outer.GetResultAsync());
        await rival.GetResultAsync();

        var reason = (await it.RecordOf(outer)).Reason;
        Assert.Contains("did not get the lock 'pair-lock' in 2s", reason);
        Assert.Contains("quorum:pair@pair-1 is held above it", reason);
        Assert.Equal(RunStatus.Succeeded, (await it.RecordOf(rival)).Status);
    }

    [Fact]
    public async Task A_run_for_a_host_works_on_it_by_the_place_that_is_held_above_it()
    {
        await InventoryAsync("own", "own-1");
        await it.PublishAsync(
            "own-inner", """{ "steps": [ { "name": "each", "forEach": { "hosts": { "names": ["own-1"] } }, "run": "ok.sh" } ] }""", ("ok.sh", "exit 0"));

        var outer = await it.StartAsync("own-outer", """{ "steps": [ { "name": "each", "forEach": { "hosts": {} }, "job": "own-inner" } ] }""");
        await outer.GetResultAsync();

        Assert.Equal(["quorum:own"], (await it.RecordOf(outer)).Locks.Select(l => l.Name));
    }

    async Task InventoryAsync(string quorum, string host)
    {
        await it.WriteInventoryAsync($$"""{ "hosts": { "{{host}}": {} }, "quorums": { "{{quorum}}": { "hosts": ["{{host}}"] } } }""");
        it.StartAgent(host);
    }

    LockStatusView? LockOf(string name)
    {
        try
        {
            return it.Client.GetWorkflowHandle(LockRules.WorkflowId(name)).QueryAsync<LockStatusView>("status", []).GetAwaiter().GetResult();
        }
        catch (RpcException notYet) when (notYet.Code == RpcException.StatusCode.NotFound)
        {
            return null;
        }
    }
}
