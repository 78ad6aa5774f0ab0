using Maintenance.Records.Reports;
using Microsoft.Extensions.Logging.Abstractions;
using ImpatientTime = Serilog.Sinks.Seq.Tests.ImpatientTime;
using SilentServer = Serilog.Sinks.Seq.Tests.SilentServer;
using StrictSeq = Serilog.Sinks.Seq.Tests.SeqReceiver;

namespace Maintenance.Records.Tests.Reports;

public sealed class OutboxDispatcherTests : IAsyncLifetime
{
    static readonly RunReports Reports = new(new() { SeqServerUrl = "http://seq" });

    readonly string _folder = Directory.CreateTempSubdirectory("outbox-").FullName;
    readonly ManualTime _time = new(Some.Start.AddHours(1));
    IRunStore? _store;
    StrictSeq? _seq;

    static CancellationToken Token => TestContext.Current.CancellationToken;

    IRunStore Store => _store ?? throw new InvalidOperationException("The test has not been initialised.");

    StrictSeq Seq => _seq ?? throw new InvalidOperationException("The test has not been initialised.");

    public async ValueTask InitializeAsync()
    {
        _store = RunStores.Open(Path.Combine(_folder, "records.db"));
        await _store.MigrateAsync(Token);
        _seq = await StrictSeq.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Seq.DisposeAsync();
        await Store.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task An_hour_without_Seq_delays_reports_and_loses_doubles_and_reorders_none()
    {
        var (dispatcher, receiver) = Dispatcher();
        using var _ = receiver;
        Seq.AlwaysStatus = 503;
        var end = _time.GetUtcNow().AddHours(1);
        for (var run = 0; _time.GetUtcNow() < end; run++)
        {
            await FinishAsync($"run-{run:D3}");
            _time.Advance(await dispatcher.TurnAsync(receiver, Token));
        }

        var triedInVain = Seq.Requests;
        Assert.Empty(Seq.Events);
        Assert.InRange(triedInVain, 50, 80);

        Seq.AlwaysStatus = null;
        await dispatcher.TurnAsync(receiver, Token);

        Assert.Empty(Seq.Complaints);
        var ids = ReportIds();
        Assert.Equal(triedInVain * 3, ids.Count);
        Assert.Equal(ids.Count, ids.Distinct().Count());
        foreach (var run in ids.GroupBy(id => id.Split('/')[1]))
            Assert.Equal([$"step/{run.Key}/1", $"step/{run.Key}/2", $"run/{run.Key}"], run);
        Assert.Equal(new OutboxHealth(0, null, 0), await Store.GetOutboxHealthAsync(Token));
    }

    [Fact]
    public async Task A_process_that_dies_between_delivery_and_mark_delivers_twice_under_the_same_ids()
    {
        await FinishAsync("r1");
        using var first = new SeqReceiver(Seq.Url, null, TimeProvider.System);
        var dying = new DiesAfterDelivery(first);
        var dead = new OutboxDispatcher(Store, [dying], _time, NullLogger<OutboxDispatcher>.Instance).TurnAsync(dying, Token);
        await Eventually.Of(() => Task.FromResult(Seq.Events.Count), count => count == 3);

        var (next, receiver) = Dispatcher();
        using var _ = receiver;
        await next.TurnAsync(receiver, Token);
        Assert.Equal(3, Seq.Events.Count);
        _time.Advance(TimeSpan.FromMinutes(1));
        await next.TurnAsync(receiver, Token);

        Assert.False(dead.IsCompleted);
        Assert.Equal([.. ReportIds().Take(3)], ReportIds().Skip(3));
        Assert.Equal(6, Seq.Events.Count);
    }

    [Fact]
    public async Task An_answer_that_is_lost_delivers_twice_and_never_zero_times()
    {
        await FinishAsync("r1");
        Seq.LoseAnswer();
        var (dispatcher, receiver) = Dispatcher();
        using var _ = receiver;

        _time.Advance(await dispatcher.TurnAsync(receiver, Token));
        await dispatcher.TurnAsync(receiver, Token);

        Assert.Equal(6, Seq.Events.Count);
        Assert.Equal(3, ReportIds().Distinct().Count());
    }

    [Fact]
    public async Task A_server_that_does_not_answer_is_left_after_a_while()
    {
        await FinishAsync("r1");
        using var silent = new SilentServer(silences: 1);
        using var receiver = new SeqReceiver("http://seq", null, new ImpatientTime(), silent);
        var dispatcher = new OutboxDispatcher(Store, [receiver], _time, NullLogger<OutboxDispatcher>.Instance);

        _time.Advance(await dispatcher.TurnAsync(receiver, Token));
        await dispatcher.TurnAsync(receiver, Token);

        Assert.Equal(2, silent.Requests);
        Assert.Equal(0, (await Store.GetOutboxHealthAsync(Token)).Pending);
    }

    [Fact]
    public async Task A_message_that_the_server_refuses_for_good_is_set_aside_and_the_rest_goes_on()
    {
        await FinishAsync("r1");
        await Store.EnqueueAsync([Some.Message("seq/broken", run: "r1", sequence: 5) with { PayloadJson = """{"no":"event"}""" }], Token);
        await FinishAsync("r2");
        var (dispatcher, receiver) = Dispatcher();
        using var _ = receiver;

        await dispatcher.TurnAsync(receiver, Token);

        Assert.Equal(6, Seq.Events.Count);
        var dead = Assert.Single(await Store.ListDeadLettersAsync(10, Token));
        Assert.Equal("seq/broken", dead.Id);
        Assert.Contains("400", dead.LastError, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(401, null, 1)]
    [InlineData(429, "30", 30)]
    [InlineData(503, "99999", 600)]
    public async Task The_servers_wish_is_followed_and_a_wrong_key_loses_nothing(int status, string? retryAfter, int seconds)
    {
        await FinishAsync("r1");
        Seq.Fail(status, retryAfter);
        var (dispatcher, receiver) = Dispatcher();
        using var _ = receiver;

        var wait = await dispatcher.TurnAsync(receiver, Token);
        Assert.Equal(TimeSpan.FromSeconds(seconds), wait);
        _time.Advance(wait);
        await dispatcher.TurnAsync(receiver, Token);

        Assert.Equal(3, Seq.Events.Count);
    }

    [Fact]
    public async Task A_call_for_help_that_is_a_day_old_is_given_up_and_shown()
    {
        await Store.EnqueueAsync(new RunReports(new() { WebhookUrl = "http://chat" }).OfApproval(Some.News("r1", "w", "job")), Token);
        using var chat = new CapturingWebhook();
        using var receiver = new WebhookReceiver("http://chat", Store, _time, chat);
        _time.Advance(TimeSpan.FromHours(25));

        await new OutboxDispatcher(Store, [receiver], _time, NullLogger<OutboxDispatcher>.Instance).TurnAsync(receiver, Token);

        Assert.Empty(chat.Bodies);
        Assert.Contains("not delivered within 24 hours", Assert.Single(await Store.ListDeadLettersAsync(10, Token)).LastError, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_loop_delivers_when_woken_and_gives_back_what_it_holds_when_stopped()
    {
        using var receiver = new SeqReceiver(Seq.Url, null, TimeProvider.System);
        var dispatcher = new OutboxDispatcher(Store, [receiver], TimeProvider.System, NullLogger<OutboxDispatcher>.Instance);
        using var stop = new CancellationTokenSource();
        var running = dispatcher.RunAsync(stop.Token);

        for (var run = 0; run < 5; run++)
        {
            await FinishAsync($"r{run}");
            dispatcher.Wake();
            await Eventually.Of(() => Task.FromResult(Seq.Events.Count), count => count == 3 * (run + 1), TimeSpan.FromSeconds(4));
        }

        await stop.CancelAsync();
        await running;
    }

    /// <summary>Its process is killed when it has delivered: nothing after that ever happens.</summary>
    sealed class DiesAfterDelivery(IOutboxReceiver receiver) : IOutboxReceiver
    {
        public string Target => receiver.Target;

        public int BatchMax => receiver.BatchMax;

        public TimeSpan? AgeMax => receiver.AgeMax;

        public async Task<Delivery> DeliverAsync(IReadOnlyList<OutboxMessage> messages, CancellationToken cancellationToken)
        {
            await receiver.DeliverAsync(messages, cancellationToken);
            return await new TaskCompletionSource<Delivery>().Task;
        }
    }

    (OutboxDispatcher Dispatcher, SeqReceiver Receiver) Dispatcher()
    {
        var receiver = new SeqReceiver(Seq.Url, null, TimeProvider.System);
        return (new(Store, [receiver], _time, NullLogger<OutboxDispatcher>.Instance), receiver);
    }

    Task FinishAsync(string id) => Store.FinishRunAsync(Some.FullRun(id), Reports.Of(Some.FullRun(id)), Token);

    List<string> ReportIds() => [.. Seq.Events.Select(e => e.GetProperty("ReportId").GetString() ?? "")];
}
