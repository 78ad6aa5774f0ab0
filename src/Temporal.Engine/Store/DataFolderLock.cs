namespace Temporal.Engine;

/// <summary>
/// Keeps a second engine out of a data folder. The operating system lets go of it when the process ends, however it ends.
/// </summary>
sealed class DataFolderLock : IDisposable
{
    readonly FileStream _file;

    DataFolderLock(FileStream file) => _file = file;

    public static DataFolderLock Take(string dataDirectory)
    {
        var path = Path.Combine(dataDirectory, "engine.lock");
        try
        {
            return new(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException failure)
        {
            throw new EngineStartException(
                $"{dataDirectory} is in use by another engine (its lock {path} is held). Stop that engine, or use another data folder.",
                failure)
            {
                IsInUse = true,
            };
        }
    }

    public void Dispose() => _file.Dispose();
}
