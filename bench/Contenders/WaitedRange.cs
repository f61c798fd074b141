using FastBuffers.Bench.Gate;
using FastBuffers.Locking;

namespace FastBuffers.Bench.Contenders;

/// <summary>
/// Somebody waits for a range of a region, and gets it when its holder goes, while others wait for ranges of their own or for that same
/// one: each release finds the one that it serves among them.
/// </summary>
internal sealed class WaitedRange : IContender
{
    private const int Length = 16;

    private readonly Region _region;
    private readonly Lease[] _holds;
    private readonly ValueTask<Lease>[] _waits;
    private readonly bool _disjoint;
    private int _next;

    /// <param name="others">How many others wait.</param>
    /// <param name="disjoint">Whether each of them waits for a range of its own.</param>
    public WaitedRange(int others, bool disjoint)
    {
        _disjoint = disjoint;
        _region = Region.Allocate(Length * others);
        _holds = new Lease[disjoint ? others : 1];
        _waits = new ValueTask<Lease>[others];
        for (int i = 0; i < _holds.Length; i++)
        {
            _holds[i] = Part(i).Take(HoldKind.Exclusive);
        }

        for (int i = 0; i < others; i++)
        {
            Begin(i);
        }
    }

    /// <summary>One operation: a hold ends, the one who has waited for longest gets it, and somebody else comes to wait.</summary>
    public void Run(int operations)
    {
        for (int i = 0; i < operations; i++)
        {
            ref Lease hold = ref _holds[_disjoint ? _next : 0];
            hold.Dispose();
            hold = _waits[_next].Result;
            Touch.Write(hold.Span);
            Begin(_next);
            _next = _next + 1 == _waits.Length ? 0 : _next + 1;
        }
    }

    // Ends all waits, too.
    public void Dispose() => _region.Dispose();

#pragma warning disable CA2012 // Each of them is awaited once, when its turn has come.
    private void Begin(int waiter) => _waits[waiter] = Part(waiter).AcquireAsync(HoldKind.Exclusive);
#pragma warning restore CA2012

    private RegionSlice Part(int number) => _region.Slice(_disjoint ? Length * number : 0, Length);
}
