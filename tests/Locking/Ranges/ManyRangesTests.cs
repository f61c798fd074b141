namespace FastBuffers.Locking.Tests.Ranges;

public sealed class ManyRangesTests
{
    private const int Count = 10_000;
    private const int Probes = 2_000;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Disjoint_ranges_come_and_go_in_any_order(int seed) =>
        ComeAndGo(seed, static (i, _) => (10 * i, 10), HoldKind.Exclusive);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Single_bytes_come_and_go_in_any_order(int seed) => ComeAndGo(seed, static (i, _) => (i + 1, 1), HoldKind.Exclusive);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Readers_of_one_range_come_and_go_in_any_order(int seed) => ComeAndGo(seed, static (_, _) => (500, 70), HoldKind.Read);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Nested_ranges_come_and_go_in_any_order(int seed) =>
        ComeAndGo(seed, static (i, _) => (i + 1, (10 * Count) - (2 * i) - 2), HoldKind.Immutable);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Ranges_that_begin_at_a_few_places_come_and_go_in_any_order(int seed) =>
        ComeAndGo(seed, static (i, random) => (i % 3 * 1_000, 1 + random.Next(5_000)), HoldKind.Write);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Ranges_of_all_lengths_come_and_go_in_any_order(int seed) =>
        ComeAndGo(seed, static (_, random) => Any(random), HoldKind.Read);

    [Fact]
    public void Parts_of_parts_join_to_the_whole_again()
    {
        var tracker = new HoldTracker(Count);
        Assert.True(tracker.TryTake(HoldKind.Exclusive, out HoldToken whole));
        List<HoldToken> parts = [whole];
        var random = new Random(1);
        Split(whole, Count, parts, random);
        Assert.Equal(Count, tracker.Snapshot().RangedHolds);
        Assert.True(tracker.GetHolds().Select(static hold => hold.Start).Order().SequenceEqual(Enumerable.Range(0, Count).Select(static i => (long)i)));

        while (parts.Count > 1)
        {
            int at = random.Next(parts.Count - 1);
            int width = Math.Min(parts.Count - at - 1, 50);
            for (int i = 0; i < width; i++)
            {
                Assert.True(HoldToken.TryJoin(parts[at], parts[at + 1], out HoldToken joined));
                parts[at] = joined;
                parts.RemoveAt(at + 1);
            }
        }

        Assert.Equal(new HoldSnapshot { IsExclusive = true }, tracker.Snapshot());
        Assert.True(parts[0].TryRelease());
        Assert.Equal(default, tracker.Snapshot());
    }

    // Takes the ranges in random order, then lets half of them go and come again, then lets all go; asks for others now and then.
    private static void ComeAndGo(int seed, Func<int, Random, (long Start, long Length)> range, HoldKind kind)
    {
        var tracker = new HoldTracker(10 * Count);
        var random = new Random(seed);
        (long Start, long Length)[] ranges = [.. Enumerable.Range(0, Count).Select(i => range(i, random))];
        HoldToken[] tokens = new HoldToken[Count];
        bool[] held = new bool[Count];
        int[] order = [.. Enumerable.Range(0, Count)];
        int step = 0;

        random.Shuffle(order);
        Array.ForEach(order, Take);
        Assert.Equal(Count, tracker.Snapshot().RangedHolds);
        random.Shuffle(order);
        Array.ForEach(order[..(Count / 2)], Release);
        random.Shuffle(order);
        Array.ForEach([.. order.Where(i => !held[i])], Take);
        random.Shuffle(order);
        Array.ForEach(order, Release);

        Assert.Equal(default, tracker.Snapshot());
        Assert.True(tracker.TryTake(HoldKind.Exclusive, out HoldToken whole));
        Assert.True(whole.TryRelease());

        void Take(int i)
        {
            Assert.True(tracker.TryTake(kind, ranges[i].Start, ranges[i].Length, out tokens[i]));
            held[i] = true;
            Probe();
        }

        void Release(int i)
        {
            Assert.True(tokens[i].TryRelease());
            Assert.False(tokens[i].TryRelease());
            held[i] = false;
            Probe();
        }

        void Probe()
        {
            if (step++ % ((3 * Count / Probes) | 1) != 0)
            {
                return;
            }

            (long start, long length) = step % 2 == 0 ? Any(random) : Beside(ranges[random.Next(Count)], random);
            HoldKind wanted = Kinds.All[random.Next(4)];
            bool free = !Kinds.Conflict(kind, wanted) || !IsHeld(start, start + length);
            bool taken = tracker.TryTake(wanted, start, length, out HoldToken token);
            Assert.True(free == taken, $"Seed {seed}, step {step}: {wanted} of {length} from {start}: {taken}");
            Assert.Equal(taken, token.TryRelease());
        }

        bool IsHeld(long from, long to)
        {
            bool meets = false;
            for (int i = 0; i < Count && !meets; i++)
            {
                meets = held[i] && ranges[i].Start < to && ranges[i].Start + ranges[i].Length > from;
            }

            return meets;
        }
    }

    // As many short ones as long ones.
    private static (long Start, long Length) Any(Random random)
    {
        long start = random.Next(10 * Count);
        return (start, Math.Min(1L << random.Next(17), (10 * Count) - start));
    }

    // Short, and at one of the ends of a range: inside or just outside.
    private static (long Start, long Length) Beside((long Start, long Length) range, Random random)
    {
        long start = range.Start + (random.Next(2) * range.Length) - random.Next(4);
        return (Math.Clamp(start, 0, (10 * Count) - 4), 1 + random.Next(4));
    }

    // Replaces the last of the parts, which has this length, by parts of one byte.
    private static void Split(HoldToken part, int length, List<HoldToken> parts, Random random)
    {
        if (length == 1)
        {
            return;
        }

        int at = random.Next(1, length);
        (HoldToken left, HoldToken right) = part.Split(at);
        parts[^1] = left;
        Split(left, at, parts, random);
        parts.Add(right);
        Split(right, length - at, parts, random);
    }
}
