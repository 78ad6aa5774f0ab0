using Temporal.Protocol;
using Temporalio.Api.ErrorDetails.V1;
using static Temporal.Protocol.WorkflowServiceMethods;

namespace Temporal.Engine.Tests;

public sealed class AdmissionTests
{
    [Theory]
    [InlineData("temporal-go", "1.25.0", "", null)]
    [InlineData("temporal-go", "2.0.0", "", RpcStatus.FailedPrecondition)]
    [InlineData("temporal-go", "newest", "", RpcStatus.InvalidArgument)]
    [InlineData("somebody", "99.0.0", "", null)]
    [InlineData("", "", ">=1.0.0 <2.0.0", null)]
    [InlineData("", "", "<1.0.0 || >=1.30.0", null)]
    [InlineData("", "", "<1.0.0", RpcStatus.FailedPrecondition)]
    [InlineData("", "", "all", RpcStatus.InvalidArgument)]
    public async Task Client_and_server_versions_must_fit(string name, string version, string servers, RpcStatus? refusal)
    {
        await using var engine = await RunningEngine.StartAsync();
        var options = new RpcCallOptions
        {
            Metadata = new Dictionary<string, string>
            {
                ["client-name"] = name, ["client-version"] = version, ["supported-server-versions"] = servers,
            },
        };

        var call = () => engine.CallAsync(GetSystemInfo, new(), options);

        if (refusal is null)
            Assert.NotEmpty((await call()).ServerVersion);
        else
            Assert.Equal(refusal, (await Assert.ThrowsAsync<RpcFailure>(call)).Status);
    }

    [Fact]
    public async Task An_unknown_namespace_is_named_in_the_failure()
    {
        await using var engine = await RunningEngine.StartAsync();

        var failure = await engine.FailAsync(DescribeNamespace, new() { Namespace = "elsewhere" });

        Assert.Equal(RpcStatus.NotFound, failure.Status);
        Assert.Equal("elsewhere", failure.Detail<NamespaceNotFoundFailure>()?.Namespace);
    }
}
