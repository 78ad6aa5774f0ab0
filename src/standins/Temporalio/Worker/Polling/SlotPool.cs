using Temporalio.Worker.Tuning;

namespace Temporalio.Worker.Polling;

/// <summary>
/// How many tasks of one kind may be in work. A slot is taken before the poll, so that a task never waits inside the worker.
/// </summary>
sealed class SlotPool(int count) : IDisposable
{
    readonly SemaphoreSlim _free = new(count);

    public int Count => count;

    public static SlotPool Of(SlotSupplier? supplier, int? count, int most = int.MaxValue) => supplier switch
    {
        FixedSizeSlotSupplier fixedSize => new(Math.Min(fixedSize.SlotCount, most)),
        null => new(Math.Min(count ?? 100, most)),
        _ =>
            throw new ArgumentException(
                $"Slot supplier {supplier.GetType()} is not supported here; use FixedSizeSlotSupplier.", nameof(supplier)),
    };

    public async Task<Slot> TakeAsync(CancellationToken cancellationToken)
    {
        await _free.WaitAsync(cancellationToken);
        return new(this);
    }

    public Slot? TryTake() => _free.Wait(0) ? new(this) : null;

    public void Dispose() => _free.Dispose();

    /// <summary>One taken slot; free again when disposed.</summary>
    public sealed class Slot(SlotPool pool) : IDisposable
    {
        SlotPool? _pool = pool;

        public void Dispose() => Interlocked.Exchange(ref _pool, null)?._free.Release();
    }
}
