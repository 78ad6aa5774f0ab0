namespace Temporal.Engine;

/// <summary>
/// What was read is not what was written: a broken page, a row whose checksum is wrong, a log that lost its end. The engine
/// never goes on with it.
/// </summary>
sealed class StoreDamagedException : Exception
{
    const string NextStep =
        "Nothing was changed. Stop the engine, restore a backup with `maintenance engine restore FILE`, and have the disk checked; "
        + "`maintenance engine check` lists what is damaged.";

    public StoreDamagedException(string path, string damage, Exception? inner = null)
        : base($"{path} is damaged: {damage}. {NextStep}", inner)
    {
    }
}
