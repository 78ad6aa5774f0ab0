using Google.Protobuf;
using Temporal.Protocol;
using Temporalio.Api.ErrorDetails.V1;
using Temporalio.Api.OperatorService.V1;
using Temporalio.Api.WorkflowService.V1;
using static Temporal.Protocol.OperatorServiceMethods;
using static Temporal.Protocol.WorkflowServiceMethods;

namespace Temporal.Engine.Tests;

/// <summary>Who gets in over the socket, and what each API key may do in which namespace.</summary>
public sealed class AccessTests : IAsyncLifetime
{
    const string Reader = "reader-0123456789abcdef";
    const string Writer = "writer-0123456789abcdef";
    const string Admin = "admin-0123456789abcdef";
    const string Operator = "operator-0123456789abcdef";

    readonly string _folder = Directory.CreateTempSubdirectory("engine-access-").FullName;
    TemporalEngine? _engine;

    public async ValueTask InitializeAsync()
    {
        _engine = await TemporalEngine.StartAsync(
            new()
            {
                DataDirectory = _folder,
                ApiKeys =
                [
                    Key("reader", Reader, ("default", EnginePermission.Read)),
                    Key("writer", Writer, ("default", EnginePermission.Write), ("other", EnginePermission.Read)),
                    Key("admin", Admin, ("default", EnginePermission.Admin)),
                    Key("operator", Operator, (EngineApiKey.EveryNamespace, EnginePermission.Admin)),
                ],
            },
            CancellationToken.None);
        await CallAsync(Operator, RegisterNamespace, new() { Namespace = "other", WorkflowExecutionRetentionPeriod = Days(1) });
    }

    public async ValueTask DisposeAsync()
    {
        await _engine!.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("reader-0123456789abcdeX")]
    [InlineData("reader-0123456789abcde")]
    public async Task Without_a_key_that_is_known_there_is_nothing_but_health(string? key)
    {
        Assert.Equal(RpcStatus.Unauthenticated, (await FailAsync(key, GetSystemInfo, new())).Status);
        Assert.Equal(RpcStatus.Unauthenticated, (await FailAsync(key, DescribeNamespace, new() { Namespace = "default" })).Status);
        await CallAsync(key, HealthService.Check, new());
    }

    [Fact]
    public async Task A_reader_reads_and_no_more()
    {
        await CallAsync(Reader, GetSystemInfo, new());
        await CallAsync(Reader, DescribeNamespace, new() { Namespace = "default" });
        await CallAsync(Reader, ListWorkflowExecutions, new() { Namespace = "default" });

        await DeniedAsync(Reader, StartWorkflowExecution, Start("default"));
        await DeniedAsync(Reader, PollWorkflowTaskQueue, new() { Namespace = "default", TaskQueue = new() { Name = "q" } });
        await DeniedAsync(Reader, DescribeNamespace, new() { Namespace = "other" });
        await DeniedAsync(Reader, ListNamespaces, new());
    }

    [Fact]
    public async Task A_writer_works_in_its_own_namespace_only()
    {
        await CallAsync(Writer, StartWorkflowExecution, Start("default"));
        await CallAsync(Writer, ListWorkflowExecutions, new() { Namespace = "other" });

        await DeniedAsync(Writer, StartWorkflowExecution, Start("other"));
        await DeniedAsync(Writer, UpdateNamespace, new() { Namespace = "default" });
        await DeniedAsync(Writer, AddSearchAttributes, new() { Namespace = "default" });
    }

    [Fact]
    public async Task An_administrator_of_a_namespace_is_none_of_the_server()
    {
        await CallAsync(Admin, UpdateNamespace, new() { Namespace = "default", UpdateInfo = new() { Description = "ours" } });

        await DeniedAsync(Admin, RegisterNamespace, new() { Namespace = "third", WorkflowExecutionRetentionPeriod = Days(1) });
        await DeniedAsync(Admin, DeleteNamespace, new() { Namespace = "other" });
        await DeniedAsync(Admin, ListNamespaces, new());
        Assert.Equal(3, (await CallAsync(Operator, ListNamespaces, new())).Namespaces.Count);
    }

    [Fact]
    public async Task A_namespace_named_by_its_id_is_the_same_namespace()
    {
        var other = (await CallAsync(Operator, DescribeNamespace, new() { Namespace = "other" })).NamespaceInfo.Id;

        await CallAsync(Writer, DescribeNamespace, new() { Id = other });
        await DeniedAsync(Reader, DescribeNamespace, new() { Id = other });
        await DeniedAsync(Admin, DeleteNamespace, new() { NamespaceId = other });
    }

    [Fact]
    public async Task A_namespace_that_is_not_there_is_denied_like_one_that_is_forbidden()
    {
        var forbidden = await FailAsync(Reader, DescribeNamespace, new() { Namespace = "other" });
        var missing = await FailAsync(Reader, DescribeNamespace, new() { Namespace = "nobody" });

        Assert.Equal((RpcStatus.PermissionDenied, RpcStatus.PermissionDenied), (forbidden.Status, missing.Status));
        Assert.IsType<PermissionDeniedFailure>(Assert.Single(forbidden.Details).Unpack<PermissionDeniedFailure>());
        Assert.Contains("'reader' has no read permission for namespace 'other'", forbidden.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Reader, forbidden.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_method_of_the_engine_needs_a_key_but_for_health()
    {
        foreach (var path in _engine!.Services.Handlers.Keys.Where(path => path != HealthService.Check.Path))
        {
            var method = new RpcMethod<GetSystemInfoRequest, GetSystemInfoResponse>(path[1..path.LastIndexOf('/')], path[(path.LastIndexOf('/') + 1)..]);
            Assert.Equal(RpcStatus.Unauthenticated, (await FailAsync(null, method, new())).Status);
        }
    }

    [Fact]
    public async Task Callers_in_the_engines_own_process_need_no_key()
    {
        await using var channel = RpcChannel.Connect(new() { Address = _engine!.Address });

        await channel.CallAsync(ListNamespaces, new(), new() { Timeout = TimeSpan.FromSeconds(20) }, CancellationToken.None);
    }

    [Theory]
    [InlineData("0.0.0.0:0")]
    [InlineData("[::]:0")]
    [InlineData("192.0.2.1:7233")]
    public async Task An_address_that_the_network_reaches_is_refused_while_anyone_may_do_everything(string listen)
    {
        var refused = await Assert.ThrowsAsync<EngineStartException>(() => TemporalEngine.StartAsync(
            new() { DataDirectory = Path.Combine(_folder, "second"), Listen = listen }, CancellationToken.None));

        Assert.Contains("Engine:ApiKeys", refused.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(_folder, "second")));
    }

    [Fact]
    public async Task With_API_keys_the_engine_listens_to_the_network()
    {
        await using var engine = await TemporalEngine.StartAsync(
            new()
            {
                DataDirectory = Path.Combine(_folder, "third"),
                Listen = "0.0.0.0:0",
                ApiKeys = [Key("a", Admin, (EngineApiKey.EveryNamespace, EnginePermission.Read))],
            },
            CancellationToken.None);

        Assert.StartsWith("0.0.0.0:", engine.Address, StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_that_could_be_guessed_is_refused_without_being_repeated()
    {
        var refused = Assert.Throws<ArgumentException>(() => Key("short", "0123456789abcde", ("*", EnginePermission.Read)));

        Assert.DoesNotContain("0123456789abcde", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_task_token_of_another_namespace_is_refused()
    {
        await CallAsync(Operator, StartWorkflowExecution, Start("other"));
        var task = await CallAsync(Operator, PollWorkflowTaskQueue, new() { Namespace = "other", TaskQueue = new() { Name = "q" } });
        Assert.NotEmpty(task.TaskToken);

        var elsewhere = await FailAsync(Writer, RespondWorkflowTaskCompleted, new() { Namespace = "default", TaskToken = task.TaskToken });
        var there = await FailAsync(Writer, RespondWorkflowTaskCompleted, new() { Namespace = "other", TaskToken = task.TaskToken });
        var nowhere = await FailAsync(Writer, RespondWorkflowTaskCompleted, new() { TaskToken = task.TaskToken });

        Assert.Equal("Operation requested with a token from a different namespace.", elsewhere.Message);
        Assert.Equal((RpcStatus.PermissionDenied, RpcStatus.PermissionDenied), (there.Status, nowhere.Status));
    }

    [Fact]
    public async Task A_query_is_answered_by_the_token_of_its_own_run_only()
    {
        var queue = Guid.NewGuid().ToString();
        var start = Start("default");
        start.TaskQueue = new() { Name = queue };
        await CallAsync(Operator, StartWorkflowExecution, start);
        var task = await CallAsync(Operator, PollWorkflowTaskQueue, new() { Namespace = "default", TaskQueue = new() { Name = queue } });
        await CallAsync(Operator, RespondWorkflowTaskCompleted, new() { Namespace = "default", TaskToken = task.TaskToken });
        var query = CallAsync(Operator, QueryWorkflow, new()
        {
            Namespace = "default", Execution = new() { WorkflowId = start.WorkflowId }, Query = new() { QueryType = "state" },
        });
        var asked = await CallAsync(Operator, PollWorkflowTaskQueue, new() { Namespace = "default", TaskQueue = new() { Name = queue } });

        var forged = Stored.TaskToken.Parser.ParseFrom(asked.TaskToken);
        forged.RunId = Guid.NewGuid().ToString();
        var answer = new RespondQueryTaskCompletedRequest
        {
            Namespace = "default", TaskToken = forged.ToByteString(), CompletedType = Temporalio.Api.Enums.V1.QueryResultType.Answered,
        };
        var refused = await FailAsync(Operator, RespondQueryTaskCompleted, answer);
        answer.TaskToken = asked.TaskToken;
        await CallAsync(Operator, RespondQueryTaskCompleted, answer);
        await query;

        Assert.Equal(RpcStatus.NotFound, refused.Status);
    }

    static EngineApiKey Key(string name, string key, params (string Namespace, EnginePermission Permission)[] permissions) =>
        new(name, key, permissions.ToDictionary(one => one.Namespace, one => one.Permission));

    static StartWorkflowExecutionRequest Start(string ns) => new()
    {
        Namespace = ns,
        WorkflowId = Guid.NewGuid().ToString(),
        WorkflowType = new() { Name = "any" },
        TaskQueue = new() { Name = "q" },
        RequestId = Guid.NewGuid().ToString(),
    };

    static Google.Protobuf.WellKnownTypes.Duration Days(int days) => Google.Protobuf.WellKnownTypes.Duration.FromTimeSpan(TimeSpan.FromDays(days));

    async Task DeniedAsync<TRequest, TResponse>(string key, RpcMethod<TRequest, TResponse> method, TRequest request)
        where TRequest : class, IMessage<TRequest>, new()
        where TResponse : class, IMessage<TResponse>, new() =>
        Assert.Equal(RpcStatus.PermissionDenied, (await FailAsync(key, method, request)).Status);

    async Task<RpcFailure> FailAsync<TRequest, TResponse>(string? key, RpcMethod<TRequest, TResponse> method, TRequest request)
        where TRequest : class, IMessage<TRequest>, new()
        where TResponse : class, IMessage<TResponse>, new() =>
        await Assert.ThrowsAsync<RpcFailure>(() => CallAsync(key, method, request));

    async Task<TResponse> CallAsync<TRequest, TResponse>(string? key, RpcMethod<TRequest, TResponse> method, TRequest request)
        where TRequest : class, IMessage<TRequest>, new()
        where TResponse : class, IMessage<TResponse>, new()
    {
        await using var channel = RpcChannel.Connect(new() { Address = _engine!.Address, ApiKey = key, UseTls = false, AllowInProcess = false });
        return await channel.CallAsync(method, request, new() { Timeout = TimeSpan.FromSeconds(20) }, CancellationToken.None);
    }
}
