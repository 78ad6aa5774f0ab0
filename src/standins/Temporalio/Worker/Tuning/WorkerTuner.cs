namespace Temporalio.Worker.Tuning;

/// <summary>Says how many tasks of each kind may run at a time.</summary>
public interface IWorkerTuner
{
    /// <summary>Slots of workflow tasks.</summary>
    SlotSupplier WorkflowTaskSlotSupplier { get; }

    /// <summary>Slots of activities.</summary>
    SlotSupplier ActivityTaskSlotSupplier { get; }

    /// <summary>Slots of local activities.</summary>
    SlotSupplier LocalActivitySlotSupplier { get; }
}

/// <summary>A tuner made of one supplier for each kind.</summary>
public class WorkerTuner : IWorkerTuner
{
    /// <summary>A tuner of these suppliers. The one of Nexus tasks is not used.</summary>
    public WorkerTuner(
        SlotSupplier workflowTaskSlotSupplier,
        SlotSupplier activityTaskSlotSupplier,
        SlotSupplier localActivitySlotSupplier,
        SlotSupplier nexusTaskSlotSupplier)
    {
        ArgumentNullException.ThrowIfNull(nexusTaskSlotSupplier);
        WorkflowTaskSlotSupplier = workflowTaskSlotSupplier;
        ActivityTaskSlotSupplier = activityTaskSlotSupplier;
        LocalActivitySlotSupplier = localActivitySlotSupplier;
    }

    /// <inheritdoc />
    public SlotSupplier WorkflowTaskSlotSupplier { get; init; }

    /// <inheritdoc />
    public SlotSupplier ActivityTaskSlotSupplier { get; init; }

    /// <inheritdoc />
    public SlotSupplier LocalActivitySlotSupplier { get; init; }

    /// <summary>A tuner of fixed numbers of slots.</summary>
    public static WorkerTuner CreateFixedSize(
        int workflowTaskSlots, int activityTaskSlots, int localActivitySlots, int nexusTaskSlots = 100) =>
        new(
            new FixedSizeSlotSupplier(workflowTaskSlots),
            new FixedSizeSlotSupplier(activityTaskSlots),
            new FixedSizeSlotSupplier(localActivitySlots),
            new FixedSizeSlotSupplier(nexusTaskSlots));
}
