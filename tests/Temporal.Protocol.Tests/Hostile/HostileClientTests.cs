using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using Microsoft.Extensions.Time.Testing;
using Temporalio.Api.WorkflowService.V1;
using static Temporal.Protocol.Tests.HostileBytes;
using static Temporal.Protocol.WorkflowServiceMethods;

namespace Temporal.Protocol.Tests;

/// <summary>
/// Clients that mean harm, or are broken, over real sockets: they get an answer or are cut off, the server's memory stays bounded, and
/// other clients are served as before.
/// </summary>
[Collection(nameof(HostileClientTests))]
public sealed class HostileClientTests
{
    const int MiB = 1024 * 1024;

    /// <summary>Milliseconds that one collection or a neighbour's burst may cost a call; a call alone takes a fraction of one.</summary>
    const int Allowance = 20;

    static readonly string Path = GetSystemInfo.Path;

    [Theory]
    [InlineData("09 00000001 00", RpcStatus.Internal)]
    [InlineData("00 00000005 0a", RpcStatus.Internal)]
    [InlineData("00 7fffffff", RpcStatus.ResourceExhausted)]
    [InlineData("00 ffffffff", RpcStatus.ResourceExhausted)]
    [InlineData("00 00000002 ffff", RpcStatus.Internal)]
    [InlineData("01 00000002 1f8b", RpcStatus.Internal)]
    [InlineData("", RpcStatus.Unknown)]
    public async Task A_malformed_frame_is_answered_with_its_status(string hex, RpcStatus status)
    {
        await using var server = await StartAsync();

        Assert.Equal(status, await PostAsync(server, Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal)), "gzip"));
        await AskAsync(server);
    }

    [Fact]
    public async Task A_message_nested_too_deep_is_refused_and_the_server_goes_on()
    {
        await using var server = await StartAsync(StartWorkflowExecution);

        Assert.Equal(RpcStatus.Internal, await PostAsync(server, Frame(compressed: false, Nest(5_000)), encoding: null, StartWorkflowExecution.Path));
        await AskAsync(server);
    }

    [Fact]
    public async Task Gzip_bombs_cost_no_more_than_the_largest_requests()
    {
        await using var server = await StartAsync();
        var bomb = Frame(compressed: true, Zeros(256 * MiB));
        Assert.True(bomb.Length < 4 * MiB, "the bomb must pass the limit before it is unpacked");
        var before = ManagedMemory();

        var statuses = await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => PostAsync(server, bomb, "gzip")));

        Assert.All(statuses, status => Assert.Equal(RpcStatus.ResourceExhausted, status));
        // Unpacked they would be 16 GiB.
        Assert.InRange(ManagedMemory() - before, long.MinValue, 512 * MiB);
    }

    [Fact]
    public async Task A_compressed_request_that_was_cut_off_is_not_taken_for_a_shorter_one()
    {
        await using var server = await StartAsync();
        var whole = Zeros(MiB);

        Assert.Equal(RpcStatus.Internal, await PostAsync(server, Frame(compressed: true, whole[..(whole.Length / 2)]), "gzip"));
        Assert.Equal(RpcStatus.Internal, await PostAsync(server, Frame(compressed: true, whole[..^4]), "gzip"));
    }

    [Fact]
    public async Task Half_sent_requests_hold_no_more_than_their_budget_and_small_calls_pass()
    {
        await using var server = await StartAsync(change: options => options with { RequestBytesUnderWayMax = 16 * MiB });
        using var hostile = await RawHttp2.ConnectAsync(server.Address);
        var announced = new byte[] { 0, 0, 0x40, 0, 0, 0 };
        var calls = hostile.CallsAsync(Path, announced, isLast: false);
        for (var call = 0; call < 64; call++)
            await calls.MoveNextAsync();

        await AskAsync(server);
        // Four of these fill the budget; the sixty others were refused, so that a large call of somebody else is too, and says why.
        // One more each time: the place of one that was refused for another large call, or was given up, is taken again.
        await Eventually.IsTrue(
            async () =>
            {
                await calls.MoveNextAsync();
                return await PostAsync(server, Frame(compressed: false, new byte[2 * MiB]), null) == RpcStatus.ResourceExhausted;
            },
            "the requests under way fill their budget");
        hostile.Dispose();
        await Eventually.IsTrue(
            async () => await PostAsync(server, Frame(compressed: false, new byte[2 * MiB]), null) != RpcStatus.ResourceExhausted,
            "the client that is gone leaves its room");
    }

    [Fact]
    public async Task Headers_that_trickle_in_end_their_connection_and_nobody_elses()
    {
        await using var server = await StartAsync(change: options => options with { HeadersTimeout = TimeSpan.FromMilliseconds(500) });
        using var hostile = await RawHttp2.ConnectAsync(server.Address);

        // Far longer than the limit, far shorter than the wait for a connection without calls.
        Assert.True(await hostile.TrickleHeadersAsync(stream: 1, every: TimeSpan.FromMilliseconds(20), atMost: TimeSpan.FromSeconds(60)));
        await AskAsync(server);
    }

    [Fact]
    public async Task A_body_that_does_not_arrive_in_time_is_given_up()
    {
        await using var server = await StartAsync(change: options => options with { RequestTimeout = TimeSpan.FromMilliseconds(300), CallsMax = 1 });
        using var hostile = await RawHttp2.ConnectAsync(server.Address);
        await hostile.OpenAsync(1, Path);
        await hostile.DataAsync(1, [0, 0], isLast: false);

        // Its call was the only one allowed at a time, so another one passes only after it was ended.
        await Eventually.IsTrue(async () => await PostAsync(server, Frame(compressed: false, []), null) == RpcStatus.Ok, "the half-sent call is given up");
    }

    [Fact]
    public async Task Calls_over_the_limit_are_refused_and_there_is_room_again_afterwards()
    {
        var release = new TaskCompletionSource();
        using var underWay = new SemaphoreSlim(0);
        await using var server = await StartAsync(change: options => options with { CallsMax = 8 }, until: release.Task, underWay);
        var waiting = Enumerable.Range(0, 8).Select(_ => PostAsync(server, Frame(compressed: false, []), null)).ToList();
        foreach (var _ in waiting)
            await underWay.WaitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(RpcStatus.ResourceExhausted, await PostAsync(server, [], null, "/no/Method"));
        release.SetResult();

        Assert.All(await Task.WhenAll(waiting), status => Assert.Equal(RpcStatus.Ok, status));
        await AskAsync(server);
    }

    [Theory]
    [InlineData(1_000)]
    [InlineData(9_999)]
    [Trait("Category", "Long")]
    public Task Idle_streams_leave_other_clients_their_speed(int streams) => OthersKeepTheirSpeedAsync(async (hostile, server) =>
    {
        for (var stream = 1; stream < 2 * streams; stream += 2)
            await hostile.OpenAsync(stream, Path);
        await hostile.FrameAsync(type: 6, flags: 0, stream: 0, new byte[8]);
    });

    [Fact]
    [Trait("Category", "Long")]
    public Task Rapid_resets_leave_other_clients_their_speed() => OthersKeepTheirSpeedAsync(async (hostile, server) =>
    {
        for (var stream = 1; stream < 2 * 20_000; stream += 2)
        {
            await hostile.OpenAsync(stream, Path);
            await hostile.ResetAsync(stream);
        }
    });

    [Fact]
    public async Task A_client_that_resets_its_calls_ends_them()
    {
        await using var server = await StartAsync(until: new TaskCompletionSource().Task, change: options => options with { CallsMax = 500 });
        using var hostile = await RawHttp2.ConnectAsync(server.Address);
        for (var stream = 1; stream < 2 * 2_000; stream += 2)
        {
            await hostile.OpenAsync(stream, Path);
            await hostile.ResetAsync(stream);
        }

        // The calls are gone, so that there is room for those of others: an unknown method is answered as such.
        await Eventually.IsTrue(async () => await PostAsync(server, [], null, "/no/Method") == RpcStatus.Unimplemented, "the calls are gone");
    }

    [Fact]
    public async Task A_client_that_does_not_read_is_cut_off()
    {
        var table = new RpcServiceTable();
        var large = new GetSystemInfoResponse { ServerVersion = new('x', MiB) };
        table.Add(GetSystemInfo, (_, _) => ValueTask.FromResult(large));
        var time = new FakeTimeProvider();
        var patience = TimeSpan.FromMinutes(1);
        await using var server = await SocketTransportTests.StartAsync(table, Change, compress: false);
        using var hostile = await RawHttp2.ConnectAsync(server.Address, initialWindow: 0);
        var calls = hostile.CallsAsync(Path, [0, 0, 0, 0, 0], isLast: true);

        // One more each time, since an answer to somebody else may take the place of one to this client.
        await Eventually.IsTrue(
            async () =>
            {
                await calls.MoveNextAsync();
                return await PostAsync(server, Frame(compressed: false, []), null) == RpcStatus.ResourceExhausted;
            },
            "the answers under way fill their budget");
        await Eventually.IsTrue(
            async () =>
            {
                time.Advance(patience);
                return await PostAsync(server, Frame(compressed: false, []), null) == RpcStatus.Ok;
            },
            "the client that does not read is cut off");

        RpcServerOptions Change(RpcServerOptions options) =>
            options with { AnswerBytesUnderWayMax = 8 * MiB, AnswerTimeout = patience, TimeProvider = time };
    }

    /// <summary>Figures before, during and after, since the machine does other things too.</summary>
    static async Task OthersKeepTheirSpeedAsync(Func<RawHttp2, RpcTestServer, Task> attack)
    {
        await using var server = await StartAsync();
        await AskManyAsync(server, 500);
        var before = P99(await AskManyAsync(server, 1_000));
        var memory = ManagedMemory();

        using var hostile = await RawHttp2.ConnectAsync(server.Address);
        try
        {
            await attack(hostile, server);
        }
        catch (IOException)
        {
            // Cut off: as good an answer as any.
        }

        var during = P99(await AskManyAsync(server, 1_000));
        hostile.Dispose();
        var after = P99(await AskManyAsync(server, 1_000));

        Assert.InRange(ManagedMemory() - memory, long.MinValue, 256 * MiB);
        var normal = Math.Max(before.TotalMilliseconds, after.TotalMilliseconds);
        Assert.True(during.TotalMilliseconds < 2 * normal + Allowance, $"p99 is {during.TotalMilliseconds:0.0} ms, and {normal:0.0} ms without the attack");
    }

    static async Task<List<TimeSpan>> AskManyAsync(RpcTestServer server, int count)
    {
        var times = new List<TimeSpan>(count);
        for (var i = 0; i < count; i++)
        {
            var began = Stopwatch.GetTimestamp();
            await AskAsync(server);
            times.Add(Stopwatch.GetElapsedTime(began));
        }

        return times;
    }

    static TimeSpan P99(List<TimeSpan> times) => times.Order().ElementAt(times.Count * 99 / 100);

    static Task<GetSystemInfoResponse> AskAsync(RpcTestServer server) =>
        server.CallAsync(GetSystemInfo, new(), new() { Timeout = TimeSpan.FromSeconds(60) }, TestContext.Current.CancellationToken);

    static Task<RpcTestServer> StartAsync(
        Func<RpcServerOptions, RpcServerOptions>? change = null, Task? until = null, SemaphoreSlim? underWay = null)
    {
        var table = new RpcServiceTable();
        table.Add(GetSystemInfo, async (_, call) =>
        {
            underWay?.Release();
            await (until ?? Task.CompletedTask).WaitAsync(call.Cancelled);
            return new();
        });
        return SocketTransportTests.StartAsync(table, change, compress: false);
    }

    static Task<RpcTestServer> StartAsync(RpcMethod<StartWorkflowExecutionRequest, StartWorkflowExecutionResponse> method)
    {
        var table = new RpcServiceTable();
        table.Add(GetSystemInfo, (_, _) => ValueTask.FromResult(new GetSystemInfoResponse()));
        table.Add(method, (_, _) => ValueTask.FromResult(new StartWorkflowExecutionResponse()));
        return SocketTransportTests.StartAsync(table, null, compress: false);
    }

    static async Task<RpcStatus> PostAsync(RpcTestServer server, byte[] body, string? encoding, string? path = null)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, $"http://{server.Address}{path ?? Path}")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/grpc") } },
        };
        if (encoding is not null)
            request.Headers.Add("grpc-encoding", encoding);
        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        await response.Content.CopyToAsync(Stream.Null, TestContext.Current.CancellationToken);
        var status = response.Headers.TryGetValues("grpc-status", out var early) ? early : response.TrailingHeaders.GetValues("grpc-status");
        return (RpcStatus)int.Parse(status.Single(), System.Globalization.CultureInfo.InvariantCulture);
    }

    static long ManagedMemory()
    {
        GC.Collect();
        return GC.GetTotalMemory(forceFullCollection: true);
    }
}
