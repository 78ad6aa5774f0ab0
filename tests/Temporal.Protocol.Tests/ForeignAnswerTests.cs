using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Temporalio.Api.WorkflowService.V1;
using static Temporal.Protocol.WorkflowServiceMethods;

namespace Temporal.Protocol.Tests;

/// <summary>Answers that our own server would not give: proxies, broken servers, other implementations.</summary>
public sealed class ForeignAnswerTests
{
    [Theory]
    [InlineData(400, RpcStatus.Internal)]
    [InlineData(401, RpcStatus.Unauthenticated)]
    [InlineData(403, RpcStatus.PermissionDenied)]
    [InlineData(404, RpcStatus.Unimplemented)]
    [InlineData(429, RpcStatus.Unavailable)]
    [InlineData(502, RpcStatus.Unavailable)]
    [InlineData(503, RpcStatus.Unavailable)]
    [InlineData(504, RpcStatus.Unavailable)]
    [InlineData(500, RpcStatus.Unknown)]
    [InlineData(200, RpcStatus.Unknown)]
    public async Task An_answer_that_is_not_gRPC_gets_a_status_of_its_HTTP_code(int http, RpcStatus status)
    {
        var failure = await FailAsync(async context =>
        {
            context.Response.StatusCode = http;
            context.Response.ContentType = "text/html";
            await context.Response.WriteAsync("<h1>proxy</h1>");
        });

        Assert.Equal(status, failure.Status);
        Assert.Contains($"HTTP {http}", failure.Message);
    }

    [Fact]
    public async Task A_status_in_the_headers_alone_is_read()
    {
        var failure = await FailAsync(context =>
        {
            context.Response.ContentType = "application/grpc";
            context.Response.Headers["grpc-status"] = "8";
            context.Response.Headers["grpc-message"] = "too%20much";
            return Task.CompletedTask;
        });

        Assert.Equal((RpcStatus.ResourceExhausted, "too much"), (failure.Status, failure.Message));
    }

    [Theory]
    [InlineData("17", RpcStatus.Unknown)]
    [InlineData("x", RpcStatus.Unknown)]
    public async Task A_status_that_does_not_exist_is_unknown(string number, RpcStatus status)
    {
        var failure = await FailAsync(context =>
        {
            context.Response.ContentType = "application/grpc";
            context.Response.Headers["grpc-status"] = number;
            return Task.CompletedTask;
        });

        Assert.Equal(status, failure.Status);
    }

    [Fact]
    public async Task An_answer_without_a_status_is_unknown_and_one_without_a_message_internal()
    {
        var noStatus = await FailAsync(async context =>
        {
            context.Response.ContentType = "application/grpc";
            await context.Response.Body.WriteAsync(new byte[5]);
        });
        var noMessage = await FailAsync(async context =>
        {
            context.Response.ContentType = "application/grpc";
            await context.Response.StartAsync();
            context.Response.AppendTrailer("grpc-status", "0");
        });

        Assert.Equal((RpcStatus.Unknown, RpcStatus.Internal), (noStatus.Status, noMessage.Status));
    }

    [Fact]
    public async Task A_stream_that_is_cut_is_unavailable()
    {
        var failure = await FailAsync(async context =>
        {
            context.Response.ContentType = "application/grpc";
            await context.Response.Body.WriteAsync(new byte[] { 0, 0, 0, 0, 9, 1 });
            context.Abort();
        });

        Assert.Equal(RpcStatus.Unavailable, failure.Status);
    }

    [Fact]
    public async Task Nobody_listening_is_unavailable_and_names_the_address()
    {
        await using var channel = RpcChannel.Connect(new() { Address = "127.0.0.1:1" });

        var failure = await Assert.ThrowsAsync<RpcFailure>(() => CallAsync(channel));

        Assert.Equal(RpcStatus.Unavailable, failure.Status);
        Assert.StartsWith("No answer from 127.0.0.1:1: ", failure.Message);
        Assert.EndsWith("Is a server running there?", failure.Message);
    }

    [Theory]
    [InlineData("")]
    [InlineData("http://localhost:7233")]
    [InlineData("local host:7233")]
    public void What_is_no_address_is_refused_with_an_example(string address)
    {
        var failure = Assert.Throws<ArgumentException>(() => RpcChannel.Connect(new() { Address = address }));

        Assert.Contains("localhost:7233", failure.Message);
    }

    static async Task<RpcFailure> FailAsync(RequestDelegate answer)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(kestrel =>
            kestrel.Listen(System.Net.IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        await using var app = builder.Build();
        app.Run(answer);
        await app.StartAsync(TestContext.Current.CancellationToken);
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses.Single() ?? "";
        await using var channel = RpcChannel.Connect(new() { Address = new Uri(address).Authority });

        return await Assert.ThrowsAsync<RpcFailure>(() => CallAsync(channel));
    }

    static Task<DescribeNamespaceResponse> CallAsync(RpcChannel channel) => channel.CallAsync(
        DescribeNamespace, new(), new() { Timeout = TimeSpan.FromSeconds(20) }, TestContext.Current.CancellationToken);
}
