using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Temporalio.Activities;
using Temporalio.Client;
using Temporalio.Extensions.Hosting;

namespace Temporalio.Tests.EndToEnd;

public class HostingTests(EngineFixture engine)
{
    [Fact]
    public async Task A_host_runs_workers_with_activities_from_its_services()
    {
        var queue = EngineFixture.NewName("queue");
        var greeting = new Greeting("hello");
        using var host = NewHost(services => services
            .AddSingleton(greeting)
            .AddTemporalClient(options => options.TargetHost = Address)
            .AddHostedTemporalWorker(queue)
            .AddScopedActivities<Greeter>()
            .AddWorkflow<GreetTwice>());
        await host.StartAsync();

        var client = host.Services.GetRequiredService<ITemporalClient>();
        var result = await client.ExecuteWorkflowAsync((GreetTwice wf) => wf.RunAsync("ann"), new(EngineFixture.NewName("wf"), queue));

        Assert.Equal("hello ann, hello ann", result);
        Assert.Equal(2, greeting.Scopes.Distinct().Count());
        await host.StopAsync();
    }

    [Fact]
    public async Task A_host_that_stops_lets_its_activities_finish()
    {
        var queue = EngineFixture.NewName("queue");
        using var host = NewHost(services => services
            .AddHostedTemporalWorker(Address, "default", queue)
            .AddSingletonActivities<Lingering>()
            .AddWorkflow<RunLingering>()
            .ConfigureOptions(options => options.GracefulShutdownTimeout = TimeSpan.FromSeconds(30)));
        await host.StartAsync();
        var activity = host.Services.GetRequiredService<Lingering>();
        var handle = await engine.Client.StartWorkflowAsync((RunLingering wf) => wf.RunAsync(), new(EngineFixture.NewName("wf"), queue));
        await activity.Started.Task;

        await host.StopAsync();

        Assert.True(activity.Finished, "The activity was not waited for.");
        await handle.TerminateAsync();
    }

    [Fact]
    public async Task A_worker_without_a_client_says_what_to_add()
    {
        using var host = NewHost(services => services.AddHostedTemporalWorker("queue").AddWorkflow<GreetTwice>());

        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => host.StartAsync());

        Assert.Contains("AddTemporalClient", error.Message);
    }

    [Fact]
    public async Task A_worker_that_is_registered_twice_is_refused()
    {
        using var host = NewHost(services =>
        {
            services.AddTemporalClient(Address);
            services.AddHostedTemporalWorker("queue").AddWorkflow<GreetTwice>();
            services.AddHostedTemporalWorker("queue").AddWorkflow<GreetTwice>();
        });

        var error = await Assert.ThrowsAsync<Microsoft.Extensions.Options.OptionsValidationException>(() => host.StartAsync());

        Assert.Contains("registered twice", error.Message);
    }

    string Address => engine.Client.Connection.Options.TargetHost!;

    static IHost NewHost(Action<IServiceCollection> configure)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        configure(builder.Services);
        return builder.Build();
    }

    public sealed class Greeting(string word)
    {
        public string Word { get; } = word;

        public List<object> Scopes { get; } = [];
    }

    public sealed class Greeter(Greeting greeting)
    {
        [Activity]
        public string Greet(string who)
        {
            lock (greeting.Scopes)
                greeting.Scopes.Add(this);
            return $"{greeting.Word} {who}";
        }
    }

    public sealed class Lingering
    {
        public TaskCompletionSource Started { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public bool Finished { get; private set; }

        [Activity]
        public async Task LingerAsync()
        {
            var shutdown = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            using var registration = ActivityExecutionContext.Current.WorkerShutdownToken.Register(shutdown.SetResult);
            Started.SetResult();
            await shutdown.Task;
            Finished = true;
        }
    }
}
