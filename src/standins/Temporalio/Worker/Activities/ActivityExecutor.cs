using Temporalio.Activities;
using Temporalio.Api.Common.V1;
using Temporalio.Converters;
using Temporalio.Exceptions;
using Temporalio.Worker.Interceptors;
using Temporalio.Worker.Invocation;

namespace Temporalio.Worker.Activities;

/// <summary>Calls activities by type.</summary>
sealed class ActivityExecutor
{
    readonly Dictionary<string, ActivityDefinition> _byName = new(StringComparer.Ordinal);
    readonly ActivityDefinition? _dynamic;
    readonly IReadOnlyCollection<IWorkerInterceptor> _interceptors;
    readonly TaskFactory _factory;

    public ActivityExecutor(
        IEnumerable<ActivityDefinition> definitions, IReadOnlyCollection<IWorkerInterceptor> interceptors, TaskFactory factory)
    {
        foreach (var definition in definitions)
        {
            if (definition.Dynamic)
                _dynamic = _dynamic is null ? definition : throw new ArgumentException("More than one activity is dynamic.");
            else if (!_byName.TryAdd(definition.Name!, definition))
                throw new ArgumentException($"More than one activity has the name '{definition.Name}'.");
        }

        _interceptors = interceptors;
        _factory = factory;
    }

    /// <summary>Runs an activity on its own task.</summary>
    public Task<object?> RunAsync(ActivityExecutionContext context, Payloads? input, Header? header, Action<object?[]> heartbeat) =>
        _factory.StartNew(() => InvokeAsync(context, input, header, heartbeat), CancellationToken.None).Unwrap();

    async Task<object?> InvokeAsync(ActivityExecutionContext context, Payloads? input, Header? header, Action<object?[]> heartbeat)
    {
        ActivityExecutionContext.Enter(context);
        var definition = Find(context.Info.ActivityType);
        var payloads = input?.Payloads_ ?? [];
        object?[] arguments = definition.Dynamic
            ? [ArgumentBinding.Raw(payloads)]
            : Bind(definition, context.Info, payloads);

        var root = new InboundRoot(context);
        var inbound = _interceptors.Reverse()
            .Aggregate((ActivityInboundInterceptor)root, (next, interceptor) => interceptor.InterceptActivity(next));
        inbound.Init(new OutboundRoot(heartbeat));
        return await inbound.ExecuteActivityAsync(new(definition, arguments, header?.Fields));
    }

    static object?[] Bind(ActivityDefinition definition, ActivityInfo info, IReadOnlyList<Payload> payloads)
    {
        var what = $"Activity '{info.ActivityType}'";
        try
        {
            return definition.Parameters is { } parameters
                ? ArgumentBinding.Bind(info.DataConverter.PayloadConverter, parameters, payloads, what)
                : ArgumentBinding.Bind(
                    info.DataConverter.PayloadConverter, [.. definition.ParameterTypes], definition.RequiredParameterCount, payloads, what);
        }
        catch (ArgumentException problem)
        {
            throw new ApplicationFailureException(problem.Message, problem, errorType: "InvalidArgument");
        }
    }

    ActivityDefinition Find(string type) =>
        _byName.GetValueOrDefault(type) ?? _dynamic ?? throw new ApplicationFailureException(
            $"Activity {type} is not registered on this worker, available "
                + $"activities: {string.Join(", ", _byName.Keys.Order(StringComparer.Ordinal))}",
            errorType: "NotFoundError");

    sealed class InboundRoot(ActivityExecutionContext context) : ActivityInboundInterceptor
    {
        public override void Init(ActivityOutboundInterceptor outbound) => context.Outbound = outbound;

        public override Task<object?> ExecuteActivityAsync(ExecuteActivityInput input) => input.Activity.InvokeAsync(input.Args);
    }

    sealed class OutboundRoot(Action<object?[]> heartbeat) : ActivityOutboundInterceptor
    {
        public override void Heartbeat(HeartbeatInput input) => heartbeat(input.Details);
    }
}
