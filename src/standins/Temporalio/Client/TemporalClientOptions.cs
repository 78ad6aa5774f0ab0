using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Temporalio.Api.Enums.V1;
using Temporalio.Client.Interceptors;
using Temporalio.Converters;

namespace Temporalio.Client;

/// <summary>What a client does with a connection.</summary>
public class TemporalClientOptions : ICloneable
{
    /// <summary>The namespace of everything this client does; default <c>default</c>.</summary>
    public string Namespace { get; set; } = "default";

    public DataConverter DataConverter { get; set; } = DataConverter.Default;

    /// <summary>Called in order, the first outermost. Those that are worker interceptors too reach this client's workers.</summary>
    public IReadOnlyCollection<IClientInterceptor>? Interceptors { get; set; }

    public ILoggerFactory LoggerFactory { get; set; } = NullLoggerFactory.Instance;

    /// <summary>When queries are refused, if the query itself does not say; null: never.</summary>
    public QueryRejectCondition? QueryRejectCondition { get; set; }

    /// <summary>Change these options before the client is made.</summary>
    public IReadOnlyCollection<ITemporalClientPlugin>? Plugins { get; set; }

    public virtual object Clone() => MemberwiseClone();
}
