using System.Linq.Expressions;

namespace Temporalio.Client;

public partial class WorkflowOptions
{
    /// <summary>Sends this signal with the start.</summary>
    public void SignalWithStart<TWorkflow>(Expression<Func<TWorkflow, Task>> signalCall)
    {
        var (signal, args) = CallReader.Signal(signalCall);
        SignalWithStart(signal, args);
    }
}
