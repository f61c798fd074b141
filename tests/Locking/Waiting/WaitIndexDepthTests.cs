namespace FastBuffers.Locking.Tests.Waiting;

/// <summary>How many steps it takes to find who waits for a range: few, in whatever order 10,000 of them have come.</summary>
public sealed class WaitIndexDepthTests
{
    private const int Count = 10_000;

    // A search tree of random weights is 2.99 log2(n) deep at the most, in the mean of the deepest (Devroye): 40 for 10,000.
    private const int MaxDepth = 50;

    public static TheoryData<string> Orders => ["ascending", "descending", "golden", "scattered", "inwards"];

    [Theory]
    [MemberData(nameof(Orders))]
    public void The_index_is_shallow_in_whatever_order_they_came(string order)
    {
        var tracker = new HoldTracker(Count);
        WaitIndex index = default;
        HashSet<WaitGroup> roots = [];
        for (int i = 0; i < Count; i++)
        {
            var waiter = new Sleeper { Number = i + 1 };
            waiter.Begin(tracker, new HoldRequestPart(ConflictTable.ExclusiveIndex, new RangeRequest(Place(order, i), Place(order, i) + 1, tracker.Size)), null);
            var group = new WaitGroup();
            group.Describe(waiter);
            group.Add(waiter);
            index.Add(group);
            roots.Add(group);
        }

        foreach (WaitGroup group in roots.ToArray())
        {
            roots.ExceptWith(new[] { group.Left, group.Right }.OfType<WaitGroup>());
        }

        Assert.InRange(Depth(Assert.Single(roots)), 13, MaxDepth);
    }

    // Without recursion: a list of 10,000 is what is to be found, not a stack overflow.
    private static int Depth(WaitGroup root)
    {
        int depth = 0;
        for (List<WaitGroup> level = [root]; level.Count > 0; depth++)
        {
            level = [.. level.SelectMany(static group => new[] { group.Left, group.Right }).OfType<WaitGroup>()];
        }

        return depth;
    }

    private static long Place(string order, int i) => order switch
    {
        "ascending" => i,
        "descending" => Count - 1 - i,
        "golden" => (long)(Math.BigMul((ulong)(i + 1) * 0x9E3779B97F4A7C15, Count, out _)),
        "scattered" => (i * 7919L) % Count,
        _ => i % 2 == 0 ? i / 2 : Count - 1 - (i / 2),
    };

    private sealed class Sleeper : HoldWaiter
    {
        internal override void Complete()
        {
        }
    }
}
