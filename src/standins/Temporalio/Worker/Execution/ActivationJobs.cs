namespace Temporalio.Worker.Execution;

/// <summary>In which order the news of one workflow task reach the workflow.</summary>
enum JobOrder
{
    Start,
    Seed,
    Message,
    Other,
}

/// <summary>The news of one workflow task: by order, and within it as they came.</summary>
sealed class ActivationJobs
{
    readonly List<Action>[] _jobs = [[], [], [], []];

    public bool Any { get; private set; }

    public void Add(JobOrder order, Action apply)
    {
        _jobs[(int)order].Add(apply);
        Any = true;
    }

    public void Apply()
    {
        foreach (var jobs in _jobs)
        {
            foreach (var apply in jobs)
                apply();
        }
    }
}
