using FastBuffers.Tests.Infrastructure;

namespace FastBuffers.Tests.Holds;

public sealed class ScopedHoldTests
{
    public static TheoryData<HoldKind, int, int> KindsPositionsAndLengths => [.. Kinds.All.SelectMany(static kind =>
        Enumerable.Range(0, kind == HoldKind.Exclusive ? 1 : 4).SelectMany(position => new[] { (kind, position, 0), (kind, position, 64) }))];

    [Theory]
    [MemberData(nameof(KindsPositionsAndLengths))]
    public void A_second_dispose_beside_a_live_holder_changes_nothing(HoldKind kind, int position, int length)
    {
        foreach (bool wide in new[] { false, true })
        {
            using Region region = Region.Allocate(length);
            if (wide)
            {
                Words.MakeWide(region);
            }

            Lease[] before = [.. Enumerable.Range(0, position).Select(_ => region.Take(kind))];
            HoldSnapshot expected = default;
            Lease other = default;
            Scoped.DisposeTwice(region, kind, () =>
            {
                other = region.Take(kind);
                expected = region.Snapshot();
            });

            Assert.Equal(expected, region.Snapshot());
            Assert.False(other.IsReleased);
            other.Dispose();
            Assert.All(before, static lease => lease.Dispose());
            Assert.Equal(default, region.Snapshot());
        }
    }

    [Theory]
    [MemberData(nameof(Kinds.Each), MemberType = typeof(Kinds))]
    public void The_second_dispose_never_ends_a_scoped_hold_that_came_later(HoldKind kind)
    {
        using Region region = Region.Allocate(8);
        Scoped.DisposeTwice(region, kind, () => Scoped.While(region, kind, () => { }));
        Scoped.DisposeTwice(region, kind, () => { });

        Assert.Equal(default, region.Snapshot());
    }

    [Fact]
    public void Default_holds_behave_as_disposed()
    {
        Assert.Throws<ObjectDisposedException>(static () => default(ReadHold).Span.Length);
        Assert.Throws<ObjectDisposedException>(static () => default(WriteHold).Span.Length);
        Assert.Throws<ObjectDisposedException>(static () => default(ImmutableHold).Span.Length);
        Assert.Throws<ObjectDisposedException>(static () => default(ExclusiveHold).Span.Length);
        Assert.Throws<ObjectDisposedException>(static () => default(LeaseScope).Span.Length);
        Assert.Throws<ObjectDisposedException>(static () => default(LeaseScope).ReadOnlySpan.Length);
    }

    [Theory]
    [MemberData(nameof(Kinds.Each), MemberType = typeof(Kinds))]
    public void An_exception_in_a_block_does_not_leak_its_hold(HoldKind kind)
    {
        using Region region = Region.Allocate(8);

        Assert.Throws<NotSupportedException>(() => Scoped.While(region, kind, static () => throw new NotSupportedException()));

        Assert.Equal(default, region.Snapshot());
    }

    [Theory]
    [MemberData(nameof(Kinds.Each), MemberType = typeof(Kinds))]
    public void Every_kind_sees_all_bytes_and_what_was_written(HoldKind kind)
    {
        using Region region = Region.Allocate(100);
        using (ExclusiveHold exclusive = region.HoldExclusive())
        {
            exclusive.Span.Fill(7);
        }

        using (WriteHold write = region.HoldWrite())
        {
            write.Span[99] = 9;
        }

        Scoped.While(region, kind, static bytes => Assert.Equal([.. Enumerable.Repeat((byte)7, 99), 9], bytes.ToArray()));
    }

    [Theory]
    [MemberData(nameof(Kinds.Each), MemberType = typeof(Kinds))]
    public void A_disposed_region_gives_no_scoped_hold(HoldKind kind)
    {
        foreach (int length in new[] { 0, 8 })
        {
            Region region = Region.Allocate(length);
            region.Dispose();

            Assert.Throws<ObjectDisposedException>(() => Scoped.Try(region, kind));
            Assert.Throws<ObjectDisposedException>(() => Scoped.While(region, kind, static () => { }));
        }
    }

    [Fact]
    public void Versions_run_out_under_scoped_holds_and_nothing_is_lost()
    {
        foreach (HoldKind kind in Kinds.All)
        {
            using Region region = Region.Allocate(8);
            Words.SetVersion(region, Words.LastVersion - 1);
            for (int i = 0; i < 4; i++)
            {
                Scoped.DisposeTwice(region, kind, () => Assert.Equal(default, region.Snapshot()));
            }

            Assert.Equal(default, region.Snapshot());
            Assert.True(HoldWord.IsWide(region.Tracker.Word));
        }
    }
}
