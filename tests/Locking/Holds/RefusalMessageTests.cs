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

    [Fact]
    public void An_unsupported_kind_is_named_with_the_supported_ones()
    {
        var domain = new TestDomain(5, HoldCapabilities.Read | HoldCapabilities.Write);

        var refusal = Assert.Throws<BufferException>(() => domain.Take(HoldKind.Immutable));

        Assert.Equal("Immutable is not supported by TestDomain of 5 bytes, which supports Read, Write.", refusal.Message);
    }

    private static HoldKind KindOf(char letter) => Kinds.All["RWIX".IndexOf(letter)];
}
