using System.Runtime.CompilerServices;
using FastBuffers.Bench.Gate;

namespace FastBuffers.Bench.Contenders;

/// <summary>Scoped Immutable holds, of a region that is only read or of one that is new every now and then, by one thread or by two.</summary>
internal sealed class ScopedImmutable : IContender
{
    /// <summary>Fewer than it takes until a region counts as one that is mostly read.</summary>
    private const int Batch = 1000;

    private readonly bool _fresh;
    private readonly Partner? _partner;
    private Region _region = Region.Allocate(4096);
    private int _partnerOperations;

    public ScopedImmutable(bool fresh, int threads = 1)
    {
        _fresh = fresh;
        _partner = threads == 1 ? null : new Partner(() => Touch.Sink = Hold(_region, _partnerOperations));
    }

    public int Threads => _partner is null ? 1 : 2;

    public void Run(int operations)
    {
        int own = _partner is null ? operations : operations / 2;
        _partnerOperations = operations - own;
        _partner?.Start();
        int sum = 0;
        for (int done = 0; done < own; done += Batch)
        {
            if (_fresh)
            {
                _region.Dispose();
                _region = Region.Allocate(4096);
            }

            sum += Hold(_region, Math.Min(Batch, own - done));
        }

        _partner?.Finish();
        Touch.Sink = sum;
    }

    public void Dispose()
    {
        _partner?.Dispose();
        _region.Dispose();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int Hold(Region region, int operations)
    {
        int sum = 0;
        for (int i = 0; i < operations; i++)
        {
            if (!region.TryHoldImmutable(out ImmutableHold hold))
            {
                throw new InvalidOperationException("Immutable was refused on a free region.");
            }

            using (hold)
            {
                sum += Touch.Read(hold.Span);
            }
        }

        return sum;
    }
}
