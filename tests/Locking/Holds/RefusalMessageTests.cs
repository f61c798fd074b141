using System.Globalization;
using FastBuffers.Locking.Tests.Infrastructure;

namespace FastBuffers.Locking.Tests.Holds;

public sealed class RefusalMessageTests
{
    [Theory]
    [InlineData("IIR", HoldKind.Exclusive, "Exclusive refused: 2 Immutable and 1 Read hold are active.", "IIR")]
    [InlineData("R", HoldKind.Exclusive, "Exclusive refused: 1 Read hold is active.", "R")]
    [InlineData("RR", HoldKind.Exclusive, "Exclusive refused: 2 Read holds are active.", "RR")]
    [InlineData("RRW", HoldKind.Exclusive, "Exclusive refused: 1 Write and 2 Read holds are active.", "WRR")]
    [InlineData("RRW", HoldKind.Immutable, "Immutable refused: 1 Write hold is active.", "W")]
    [InlineData("IR", HoldKind.Write, "Write refused: 1 Immutable hold is active.", "I")]
    [InlineData("X", HoldKind.Read, "Read refused: 1 Exclusive hold is active.", "X")]
    [InlineData("RRRRRR", HoldKind.Exclusive, "Exclusive refused: 6 Read holds are active.", "RRRR")]
    public void A_conflict_names_what_was_asked_and_what_blocks_it(string held, HoldKind requested, string message, string blockers)
    {
        var domain = new TestDomain(77);
        HoldToken[] holders = [.. held.Select(letter => domain.Take(KindOf(letter)))];
        HoldSnapshot before = domain.Snapshot();

        var conflict = Assert.Throws<BufferConflictException>(() => domain.Take(requested));

        Assert.Equal(message, conflict.Message);
        Assert.Equal((requested, 0L, 77L), (conflict.Requested, conflict.RequestedStart, conflict.RequestedLength));
        Assert.Equal(before, conflict.Snapshot);
        Assert.Equal(blockers.Select(letter => (KindOf(letter), 0L, 77L)), conflict.Blockers.Select(static b => (b.Kind, b.Start, b.Length)));
        Assert.Equal(before, domain.Snapshot());
        Assert.All(holders, static holder => Assert.True(holder.TryRelease()));
    }

    [Theory]
    [MemberData(nameof(Kinds.ConflictingPairs), MemberType = typeof(Kinds))]
    public void Every_conflict_throws_and_lists_the_blocking_kind(HoldKind held, HoldKind requested)
    {
        var domain = new TestDomain(1);
        HoldToken holder = domain.Take(held);

        var conflict = Assert.Throws<BufferConflictException>(() => domain.Take(requested));

        Assert.Equal($"{requested} refused: 1 {held} hold is active.", conflict.Message);
        Assert.Equal(held, Assert.Single(conflict.Blockers).Kind);
        Assert.True(holder.TryRelease());
    }

    [Theory]
    [InlineData("X:0-10", HoldKind.Write, 5, 15, "Write of [5, 15) refused: Exclusive of [0, 10) is active.")]
    [InlineData("X:0-10 I:20-30", HoldKind.Write, 0, 77, "Write refused: Exclusive of [0, 10), Immutable of [20, 30) are active.")]
    [InlineData("W:0-10 R:10-20", HoldKind.Immutable, 5, 15, "Immutable of [5, 15) refused: Write of [0, 10) is active.")]
    [InlineData("R:0-77 R:0-77 R:3-4", HoldKind.Exclusive, 3, 5, "Exclusive of [3, 5) refused: 2 Read holds are active, and so is Read of [3, 4).")]
    [InlineData("R:0-77 R:3-4 R:9-10", HoldKind.Exclusive, 0, 77, "Exclusive refused: 1 Read hold is active, and so are Read of [3, 4), Read of [9, 10).")]
    [InlineData("R:0-77 R:9-10", HoldKind.Exclusive, 3, 5, "Exclusive of [3, 5) refused: 1 Read hold is active.")]
    [InlineData("X:0-77", HoldKind.Read, 3, 5, "Read of [3, 5) refused: 1 Exclusive hold is active.")]
    [InlineData("X:3-4", HoldKind.Read, 0, 77, "Read refused: Exclusive of [3, 4) is active.")]
    [InlineData(
        "R:0-1 R:1-2 R:2-3 R:3-4 R:4-5 R:5-6",
        HoldKind.Exclusive,
        0,
        9,
        "Exclusive of [0, 9) refused: Read of [0, 1), Read of [1, 2), Read of [2, 3), Read of [3, 4) are active.")]
    public void A_conflict_about_parts_names_their_ranges(string held, HoldKind requested, long start, long end, string message)
    {
        var domain = new TestDomain(77);
        HoldToken[] holders = [.. held.Split(' ').Select(hold => Take(domain, hold))];
        HoldSnapshot before = domain.Snapshot();

        var conflict = Assert.Throws<BufferConflictException>(
            () => domain.TakeRange(ConflictTable.Index(requested), new RangeRequest(start, end, 0), scoped: false, conflictThrows: true));

        Assert.Equal(message, conflict.Message);
        Assert.Equal((requested, start, end - start), (conflict.Requested, conflict.RequestedStart, conflict.RequestedLength));
        Assert.Equal((before, before), (conflict.Snapshot, domain.Snapshot()));
        Assert.All(conflict.Blockers, blocker => Assert.True(blocker.Start < end && blocker.Start + blocker.Length > start));
        Assert.All(holders, static holder => Assert.True(holder.TryRelease()));

        static HoldToken Take(TestDomain domain, string hold)
        {
            long[] range = [.. hold[2..].Split('-').Select(static place => long.Parse(place, CultureInfo.InvariantCulture))];
            return domain.TakeRange(ConflictTable.Index(KindOf(hold[0])), new RangeRequest(range[0], range[1], 0), scoped: false, conflictThrows: true);
        }
    }

    [Fact]
    public void An_unsupported_kind_is_named_with_the_supported_ones()
    {
        var domain = new TestDomain(5, HoldCapabilities.Read | HoldCapabilities.Write);

        var refusal = Assert.Throws<BufferException>(() => domain.Take(HoldKind.Immutable));

        Assert.Equal("Immutable is not supported by TestDomain of 5 bytes, which supports Read, Write.", refusal.Message);
    }

    private static HoldKind KindOf(char letter) => Kinds.All["RWIX".IndexOf(letter)];
}
