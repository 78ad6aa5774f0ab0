using Temporalio.Client;

namespace Temporalio.Tests.Client;

public class ChannelOptionsTests
{
    [Theory]
    [InlineData(null, null, false)]
    [InlineData("key", null, true)]
    [InlineData("key", true, false)]
    [InlineData(null, false, true)]
    public void An_api_key_implies_tls_unless_that_is_disabled(string? apiKey, bool? tlsDisabled, bool encrypted)
    {
        var options = ChannelOptions.From(new("server:7233")
        {
            ApiKey = apiKey,
            Tls = tlsDisabled is { } disabled ? new() { Disabled = disabled } : null,
        });

        Assert.Equal(encrypted, options.UseTls);
    }

    [Fact]
    public void Certificates_and_name_reach_the_transport()
    {
        var options = ChannelOptions.From(new("server:7233")
        {
            Tls = new() { ServerRootCACert = [1], ClientCert = [2], ClientPrivateKey = [3], Domain = "temporal.internal" },
            KeepAlive = new() { Interval = TimeSpan.FromSeconds(5), Timeout = TimeSpan.FromSeconds(2) },
            GrpcCompression = new GrpcCompression.None(),
        });

        Assert.NotNull(options.Tls);
        Assert.Equal([1], options.Tls.ServerRootCa);
        Assert.Equal([2], options.Tls.ClientCertificate);
        Assert.Equal([3], options.Tls.ClientKey);
        Assert.Equal("temporal.internal", options.Tls.ServerName);
        Assert.Equal((TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(2)), (options.KeepAliveInterval, options.KeepAliveTimeout));
        Assert.False(options.Compress);
    }

    [Fact]
    public void Each_connection_has_an_identity_of_its_process()
    {
        var connection = TemporalConnection.CreateLazy(new("server:7233"));

        Assert.Equal($"{Environment.ProcessId}@{Environment.MachineName}", connection.Options.Identity);
    }
}
