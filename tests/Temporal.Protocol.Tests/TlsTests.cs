using Temporalio.Api.WorkflowService.V1;
using static Temporal.Protocol.WorkflowServiceMethods;

namespace Temporal.Protocol.Tests;

public sealed class TlsTests : IDisposable
{
    readonly TestCertificates _ours = new();
    readonly TestCertificates _strangers = new();

    [Fact]
    public async Task A_server_whose_authority_is_trusted_is_called_with_the_api_key()
    {
        await using var server = await StartAsync("localhost");

        Assert.Equal("Bearer secret", await CallAsync(server, new() { ServerRootCa = _ours.Authority }, apiKey: "secret"));
    }

    [Fact]
    public async Task A_server_of_another_authority_is_refused()
    {
        await using var server = await StartAsync("localhost");

        var failure = await Assert.ThrowsAsync<RpcFailure>(() => CallAsync(server, new() { ServerRootCa = _strangers.Authority }));

        Assert.Equal(RpcStatus.Unavailable, failure.Status);
        Assert.Contains("no secure connection", failure.Message);
    }

    [Fact]
    public async Task The_name_to_expect_can_differ_from_the_address()
    {
        await using var server = await StartAsync("temporal.example.com");

        var wrong = await Assert.ThrowsAsync<RpcFailure>(() => CallAsync(server, new() { ServerRootCa = _ours.Authority }));
        await CallAsync(server, new() { ServerRootCa = _ours.Authority, ServerName = "temporal.example.com" });

        Assert.Equal(RpcStatus.Unavailable, wrong.Status);
    }

    [Fact]
    public async Task With_a_client_authority_only_its_clients_get_in()
    {
        await using var server = await StartAsync("localhost", clientCa: _ours.Authority);
        var (certificate, key) = _ours.Issue("client");
        var (strangersCertificate, strangersKey) = _strangers.Issue("client");
        var tls = new RpcTlsOptions { ServerRootCa = _ours.Authority };

        await CallAsync(server, tls with { ClientCertificate = certificate, ClientKey = key });
        var none = await Assert.ThrowsAsync<RpcFailure>(() => CallAsync(server, tls));
        var stranger = await Assert.ThrowsAsync<RpcFailure>(
            () => CallAsync(server, tls with { ClientCertificate = strangersCertificate, ClientKey = strangersKey }));

        Assert.Equal((RpcStatus.Unavailable, RpcStatus.Unavailable), (none.Status, stranger.Status));
    }

    [Fact]
    public void A_client_certificate_without_its_key_is_refused_at_once()
    {
        var tls = new RpcTlsOptions { ClientCertificate = _ours.Issue("client").Certificate };

        var failure = Assert.Throws<ArgumentException>(() => tls.ToSslOptions("localhost"));

        Assert.Contains("go together", failure.Message);
    }

    async Task<RpcServer> StartAsync(string name, byte[]? clientCa = null)
    {
        var (certificate, key) = _ours.Issue(name);
        var table = new RpcServiceTable();
        table.Add(DescribeNamespace, (_, call) => new(new DescribeNamespaceResponse
        {
            NamespaceInfo = new() { Description = call.Metadata.GetValueOrDefault("authorization", "") },
        }));
        return await RpcServer.StartAsync(
            new() { Tables = [table], Tls = new() { Certificate = certificate, Key = key, ClientCa = clientCa } },
            TestContext.Current.CancellationToken);
    }

    static async Task<string> CallAsync(RpcServer server, RpcTlsOptions tls, string? apiKey = null)
    {
        await using var channel = RpcChannel.Connect(new() { Address = server.Address, Tls = tls, ApiKey = apiKey });
        var answer = await channel.CallAsync(
            DescribeNamespace, new(), new() { Timeout = TimeSpan.FromSeconds(20) }, TestContext.Current.CancellationToken);
        return answer.NamespaceInfo.Description;
    }

    public void Dispose()
    {
        _ours.Dispose();
        _strangers.Dispose();
    }
}
