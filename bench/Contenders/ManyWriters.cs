using FastBuffers.Bench.Gate;
using FastBuffers.Locking;

namespace FastBuffers.Bench.Contenders;

/// <summary>Threads that all want one region Exclusive, for a moment each, and wait for it.</summary>
internal sealed class ManyWriters : IContender
{
    private readonly Region _region = Region.Allocate(4096);
    private readonly Partner[] _partners;
    private int _each;

    /// <param name="threads">How many, the caller included.</param>
    public ManyWriters(int threads)
    {
        Multiple = threads;
        _partners = [.. Enumerable.Range(1, threads - 1).Select(_ => new Partner(Work))];
    }

    public int Multiple { get; }

    public void Run(int operations)
    {
        _each = operations / Multiple;
        Array.ForEach(_partners, static partner => partner.Start());
        Work();
        Array.ForEach(_partners, static partner => partner.Finish());
    }

    public void Dispose()
    {
        Array.ForEach(_partners, static partner => partner.Dispose());
        _region.Dispose();
    }

    private void Work()
    {
        for (int i = 0; i < _each; i++)
        {
            if (_region.TryHoldExclusive(out ExclusiveHold hold))
            {
                using (hold)
                {
                    Touch.Write(hold.Span);
                }
            }
            else
            {
                using Lease lease = _region.Acquire(HoldKind.Exclusive);
                Touch.Write(lease.Span);
            }
        }
    }
}
