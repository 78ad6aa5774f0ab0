using Temporalio.Client;
using Temporalio.Common;

namespace Temporalio.Testing;

/// <summary>How a local server is started, and a client for it.</summary>
public class WorkflowEnvironmentStartLocalOptions : TemporalClientConnectOptions
{
    /// <summary>Search attributes to create.</summary>
    public IReadOnlyCollection<SearchAttributeKey>? SearchAttributes { get; set; }

    public override object Clone() => base.Clone();
}
