using System.Collections.Concurrent;

namespace Maintenance.Records.Tests;

public abstract partial class RunStoreContract
{
    static readonly DateTimeOffset Later = Some.Start.AddMinutes(10);
    static readonly TimeSpan Lease = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task Messages_come_with_every_field_in_the_order_of_their_run()
    {
        await Store.EnqueueAsync([Some.Message("b", sequence: 2), Some.Message("a", sequence: 10), Some.Message("c", sequence: 1)], Token);

        var claimed = await ClaimAsync(Later);

        Assert.Equal(["c", "b", "a"], claimed.Select(message => message.Id));
        Same(Some.Message("c", sequence: 1), claimed[0]);
    }

    [Fact]
    public async Task A_claimed_message_is_hidden_until_the_lease_ends()
    {
        await Store.EnqueueAsync([Some.Message("m1")], Token);

        Assert.Single(await ClaimAsync(Later));
        Assert.Empty(await ClaimAsync(Later + Lease - TimeSpan.FromSeconds(1)));
        Assert.Single(await ClaimAsync(Later + Lease));
    }

    [Fact]
    public async Task A_delivered_message_never_comes_again()
    {
        await Store.EnqueueAsync([Some.Message("m1")], Token);
        await ClaimAsync(Later);

        await Store.MarkDeliveredAsync(["m1"], Later, Token);
        await Store.EnqueueAsync([Some.Message("m1")], Token);

        Assert.Empty(await ClaimAsync(Later.AddDays(1)));
    }

    [Fact]
    public async Task A_postponed_message_holds_back_its_own_run_and_no_other()
    {
        await Store.EnqueueAsync([Some.Message("r1-1"), Some.Message("r1-2", sequence: 2), Some.Message("r2-1", run: "r2")], Token);
        await ClaimAsync(Later);
        await Store.PostponeAsync(["r1-1"], Later.AddHours(1), "503", Token);

        var afterLease = await ClaimAsync(Later + Lease);
        var afterRetry = await ClaimAsync(Later.AddHours(1));

        Assert.Equal(["r2-1"], afterLease.Select(message => message.Id));
        Assert.Equal(["r1-1", "r1-2"], afterRetry.Where(message => message.RunId == "r1").Select(message => message.Id));
        Assert.Equal((1, "503"), (afterRetry.First(message => message.Id == "r1-1").Failures, afterRetry.First(message => message.Id == "r1-1").LastError));
    }

    [Fact]
    public async Task Targets_do_not_wait_for_each_other()
    {
        await Store.EnqueueAsync([Some.Message("m1"), Some.Message("w1", target: "webhook")], Token);
        await ClaimAsync(Later);
        await Store.PostponeAsync(["m1"], Later.AddHours(1), "away", Token);

        Assert.Equal(["w1"], (await ClaimAsync(Later, "webhook")).Select(message => message.Id));
    }

    [Fact]
    public async Task A_claim_takes_no_more_than_asked_and_the_oldest_first()
    {
        await Store.EnqueueAsync([.. Enumerable.Range(1, 9).Select(i => Some.Message($"m{i}", run: $"r{i}", sequence: i))], Token);

        Assert.Equal(["m1", "m2"], (await ClaimAsync(Later, limit: 2)).Select(message => message.Id));
        Assert.Equal(["m3", "m4"], (await ClaimAsync(Later, limit: 2)).Select(message => message.Id));
    }

    [Fact]
    public async Task Claimers_at_once_never_get_the_same_message_and_never_the_second_before_the_first()
    {
        await Store.EnqueueAsync(
            [.. from run in Enumerable.Range(0, 20) from i in Enumerable.Range(1, 5) select Some.Message($"{run}-{i}", $"run{run}", i)], Token);

        var delivered = new ConcurrentQueue<string>();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(DeliverAllAsync)));

        Assert.Equal(100, delivered.Count);
        foreach (var run in delivered.GroupBy(id => id.Split('-')[0]))
            Assert.Equal(["1", "2", "3", "4", "5"], run.Select(id => id.Split('-')[1]));

        async Task DeliverAllAsync()
        {
            while ((await Store.GetOutboxHealthAsync(Token)).Pending > 0)
            {
                foreach (var message in await ClaimAsync(Later, limit: 7))
                {
                    delivered.Enqueue(message.Id);
                    await Store.MarkDeliveredAsync([message.Id], Later, Token);
                }
            }
        }
    }

    [Fact]
    public async Task A_dead_message_is_kept_shown_and_can_be_retried()
    {
        await Store.EnqueueAsync([Some.Message("m1"), Some.Message("m2", sequence: 2)], Token);
        await ClaimAsync(Later);

        await Store.DeadLetterAsync("m1", Later, "400 Bad Request", Token);

        var dead = Assert.Single(await Store.ListDeadLettersAsync(10, Token));
        Assert.Equal(("m1", "400 Bad Request"), (dead.Id, dead.LastError));
        Assert.Equal(new OutboxHealth(1, Some.Start.AddSeconds(2), 1), await Store.GetOutboxHealthAsync(Token));
        Assert.Equal(["m2"], (await ClaimAsync(Later + Lease)).Select(message => message.Id));
        Assert.True(await Store.RetryDeadLetterAsync("m1", Later, Token));
        Assert.False(await Store.RetryDeadLetterAsync("m1", Later, Token));
        Assert.Equal(["m1"], (await ClaimAsync(Later + Lease)).Select(message => message.Id));
    }

    Task<IReadOnlyList<OutboxMessage>> ClaimAsync(DateTimeOffset now, string target = "seq", int limit = 100) =>
        Store.ClaimOutboxAsync(target, limit, now, Lease, Token);
}
