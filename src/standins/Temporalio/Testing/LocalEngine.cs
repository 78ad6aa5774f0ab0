using System.Reflection;
using Temporalio.Api.OperatorService.V1;
using Temporalio.Client;

namespace Temporalio.Testing;

/// <summary>
/// The embedded engine, found by name: this package must not depend on it, because programs that talk to a real server
/// do not need it.
/// </summary>
sealed class LocalEngine(object engine, string address, string folder) : IAsyncDisposable
{
    const string AssemblyName = "Temporal.Engine";

    public string Address { get; } = address;

    public static async Task<LocalEngine> StartAsync(WorkflowEnvironmentStartLocalOptions options)
    {
        var assembly = Find();
        var optionsType = assembly.GetType("Temporal.Engine.EngineOptions", throwOnError: true)!;
        var engineType = assembly.GetType("Temporal.Engine.TemporalEngine", throwOnError: true)!;
        var folder = Directory.CreateTempSubdirectory("temporal-engine-").FullName;

        var engineOptions = Activator.CreateInstance(optionsType)!;
        optionsType.GetProperty("DataDirectory")!.SetValue(engineOptions, folder);
        optionsType.GetProperty("LoggerFactory")!.SetValue(engineOptions, options.LoggerFactory);
        if (options.TargetHost is { } listen)
            optionsType.GetProperty("Listen")!.SetValue(engineOptions, listen);

        var start = engineType.GetMethod("StartAsync", [optionsType, typeof(CancellationToken)])!;
        var started = (Task)start.Invoke(null, BindingFlags.DoNotWrapExceptions, null, [engineOptions, CancellationToken.None], null)!;
        await started;
        var engine = started.GetType().GetProperty("Result")!.GetValue(started)!;
        return new(engine, (string)engineType.GetProperty("Address")!.GetValue(engine)!, folder);
    }

    /// <summary>Creates the namespace and search attributes that the options ask for.</summary>
    public static async Task PrepareAsync(TemporalClient client, WorkflowEnvironmentStartLocalOptions options)
    {
        if (options.Namespace != "default")
        {
            await client.WorkflowService.RegisterNamespaceAsync(new()
            {
                Namespace = options.Namespace,
                WorkflowExecutionRetentionPeriod = Google.Protobuf.WellKnownTypes.Duration.FromTimeSpan(TimeSpan.FromDays(1)),
            });
        }

        if (options.SearchAttributes is not { Count: > 0 } attributes)
            return;

        var request = new AddSearchAttributesRequest { Namespace = options.Namespace };
        foreach (var key in attributes)
            request.SearchAttributes.Add(key.Name, key.ValueType);
        await client.OperatorService.AddSearchAttributesAsync(request);
    }

    public async ValueTask DisposeAsync()
    {
        await ((IAsyncDisposable)engine).DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    static Assembly Find()
    {
        try
        {
            return Assembly.Load(AssemblyName);
        }
        catch (FileNotFoundException error)
        {
            throw new InvalidOperationException(
                $"StartLocalAsync needs the assembly {AssemblyName} beside the program; reference its project from the tests, "
                + "or connect to a server that runs already.",
                error);
        }
    }
}
