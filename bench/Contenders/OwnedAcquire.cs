using FastBuffers.Bench.Gate;
using FastBuffers.Locking;

namespace FastBuffers.Bench.Contenders;

/// <summary>A lease that may be waited for, of one who has an owner, through a manager that does not look for deadlocks.</summary>
internal sealed class OwnedAcquire : IContender
{
    private readonly AcquiredLease _acquired = new(HoldKind.Immutable);

    public void Run(int operations)
    {
        using (HoldOwner.Begin())
        {
            _acquired.Run(operations);
        }
    }

    public void Dispose() => _acquired.Dispose();
}
