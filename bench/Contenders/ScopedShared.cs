using System.Runtime.CompilerServices;
using FastBuffers.Bench.Gate;

namespace FastBuffers.Bench.Contenders;

/// <summary>
/// Scoped Read or Immutable holds, of a region that is only read or of one that is new every now and then, by one thread, by two, or by two that have a
/// region each.
/// </summary>
internal sealed class ScopedShared : IContender
{
    /// <summary>Fewer than it takes until a region counts as one that is mostly read.</summary>
    private const int Batch = 1000;

    private readonly Func<Region, int, int> _hold;
    private readonly bool _fresh;
    private readonly Partner? _partner;
    private readonly Region? _partnersOwn;
    private Region _region = Region.Allocate(4096);
    private int _partnerOperations;

    private ScopedShared(Func<Region, int, int> hold, bool fresh, int threads, bool apart)
    {
        (_hold, _fresh) = (hold, fresh);
        _partnersOwn = apart ? Region.Allocate(4096) : null;
        _partner = threads == 1 ? null : new Partner(() => Touch.Sink = _hold(_partnersOwn ?? _region, _partnerOperations));
    }

    public int Threads => _partner is null ? 1 : 2;

    public static ScopedShared Read(bool fresh, int threads = 1, bool apart = false) => new(HoldRead, fresh, threads, apart);

    public static ScopedShared Immutable(bool fresh, int threads = 1, bool apart = false) => new(HoldImmutable, fresh, threads, apart);

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

            sum += _hold(_region, Math.Min(Batch, own - done));
        }

        _partner?.Finish();
        Touch.Sink = sum;
    }

    public void Dispose()
    {
        _partner?.Dispose();
        _partnersOwn?.Dispose();
        _region.Dispose();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int HoldRead(Region region, int operations)
    {
        int sum = 0;
        for (int i = 0; i < operations; i++)
        {
            if (!region.TryHoldRead(out ReadHold hold))
            {
                throw new InvalidOperationException("Read was refused on a free region.");
            }

            using (hold)
            {
                sum += Touch.Read(hold.Span);
            }
        }

        return sum;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int HoldImmutable(Region region, int operations)
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
