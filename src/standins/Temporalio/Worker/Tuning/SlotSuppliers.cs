namespace Temporalio.Worker.Tuning;

/// <summary>Says how many tasks of one kind may run at a time.</summary>
public abstract class SlotSupplier
{
    private protected SlotSupplier()
    {
    }
}

/// <summary>A fixed number of slots.</summary>
public sealed class FixedSizeSlotSupplier : SlotSupplier
{
    /// <summary>This many slots.</summary>
    public FixedSizeSlotSupplier(int slotCount)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(slotCount, 1);
        SlotCount = slotCount;
    }

    /// <summary>How many.</summary>
    public int SlotCount { get; }
}
