using System.Reflection;
using Maintenance.Records;

namespace Maintenance.Jobs.Tests.Runs;

/// <summary>The real store behind a door that a test can shut: while it is shut every call fails as if the database were away.</summary>
public sealed class ManualStore
{
    public bool IsAway { get; set; }

    public IRunStore Around(IRunStore store)
    {
        var door = DispatchProxy.Create<IRunStore, Door>();
        var inside = (Door)(object)door;
        (inside.Owner, inside.Store) = (this, store);
        return door;
    }

    public class Door : DispatchProxy
    {
        public ManualStore Owner { get; set; } = null!;

        public IRunStore Store { get; set; } = null!;

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
            Owner.IsAway ? throw new RunStoreUnavailableException("The database is away.", new IOException("shut by a test")) : targetMethod!.Invoke(Store, args);
    }
}
