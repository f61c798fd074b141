using FastBuffers.Locking.Tests.Infrastructure;

namespace FastBuffers.Locking.Tests.Waiting;

/// <summary>Several holds of one domain, all or none.</summary>
public sealed class SeveralTests
{
    private const int Length = 100;

    private readonly TestDomain _domain = new(Length);

    [Fact]
    public void All_of_them_are_there_and_end_one_by_one()
    {
        HoldToken[] tokens = Taken(Whole(HoldKind.Read), Part(HoldKind.Write, 0, 10), Part(HoldKind.Write, 10, 10), Part(HoldKind.Read, 50, 0));
        Assert.Equal([HoldKind.Read, HoldKind.Write, HoldKind.Write, HoldKind.Read], tokens.Select(static token => token.Kind));
        Assert.Equal((1, 3), (_domain.Snapshot().Readers, _domain.Snapshot().RangedHolds));
        Assert.False(_domain.TryTake(HoldKind.Immutable, out _));
        Assert.All(tokens, static token => Assert.True(token.TryRelease()));
        Assert.True(_domain.TryTake(HoldKind.Exclusive, out HoldToken exclusive));
        Assert.True(exclusive.TryRelease());
        Assert.True(_domain.TryCloseIdle());
        Assert.Equal(1, _domain.Closed);
    }

    [Fact]
    public void Whole_holds_and_those_on_no_bytes_leave_nothing_behind()
    {
        Release(Taken(Whole(HoldKind.Read), Whole(HoldKind.Immutable)));
        Release(Taken(Whole(HoldKind.Exclusive), Part(HoldKind.Read, 10, 0)));
        Release(Taken(Part(HoldKind.Exclusive, 0, Length), Part(HoldKind.Read, 10, 0)));
        HoldToken exclusive = _domain.Take(HoldKind.Exclusive);
        Release(Taken(Part(HoldKind.Exclusive, 10, 0), Part(HoldKind.Read, 10, 0)));
        Assert.True(exclusive.TryRelease());
        Assert.True(_domain.TryCloseIdle());
    }

    [Fact]
    public void A_domain_of_no_bytes_has_room_for_all()
    {
        var empty = new TestDomain(0);
        var tokens = new HoldToken[2];
        Assert.Equal(TakeStatus.Taken, empty.TakeSeveral([Whole(HoldKind.Exclusive), Whole(HoldKind.Write)], tokens, out _));
        Assert.Equal(2, empty.Tracker.EmptyHolds);
        Release(tokens);
        Assert.True(empty.TryCloseIdle());
    }

    [Fact]
    public void One_that_is_refused_says_so_and_none_is_taken()
    {
        var narrow = new TestDomain(Length, HoldCapabilities.Read);
        HoldToken held = _domain.Take(HoldKind.Immutable);
        Assert.Equal((TakeStatus.Conflict, 1), Refused(_domain, Whole(HoldKind.Read), Part(HoldKind.Write, 0, 10), Part(HoldKind.Read, 20, 0)));
        Assert.Equal((TakeStatus.Released, 1), Refused(_domain, Whole(HoldKind.Read), new(ConflictTable.ReadIndex, new(0, 10, _domain.Size + 1))));
        Assert.Equal((TakeStatus.Unsupported, 1), Refused(narrow, Whole(HoldKind.Read), Whole(HoldKind.Write)));
        _domain.FreezeCore();
        Assert.Equal((TakeStatus.Unsupported, 1), Refused(_domain, Whole(HoldKind.Read), Whole(HoldKind.Write)));
        _domain.RetireCore(out _);
        Assert.Equal(TakeStatus.Retired, Refused(_domain, Whole(HoldKind.Read), Whole(HoldKind.Read)).Status);
        Assert.Equal((0, 1, 0), (_domain.Snapshot().Readers, _domain.Snapshot().Immutables, _domain.Snapshot().RangedHolds));
        Assert.True(held.TryRelease());
        Assert.Equal(1, _domain.Closed);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(100)]
    [InlineData(2_000)]
    public void There_is_room_for_many_wherever_they_start(int step)
    {
        var domain = new TestDomain(1_000_000);
        List<HoldToken> all = [];
        for (int round = 0; round < 40; round++)
        {
            // Rounds are interleaved: each comes into chunks that the ones before have filled.
            HoldRequestPart[] parts = [.. Enumerable.Range(0, 9).Select(
                i => new HoldRequestPart(ConflictTable.ExclusiveIndex, new((((i * 40L) + round) * step) + 1, (((i * 40L) + round) * step) + 2, domain.Size)))];
            var tokens = new HoldToken[parts.Length];
            Assert.Equal(TakeStatus.Taken, domain.TakeSeveral(parts, tokens, out _));
            all.AddRange(tokens);
            Assert.Equal((TakeStatus.Conflict, 0), Refused(domain, [.. parts.Reverse()]));
        }

        Assert.Equal(360, domain.Snapshot().RangedHolds);
        Release([.. all]);
        Assert.True(domain.TryCloseIdle());
    }

    [Fact]
    public void The_limit_is_on_all_of_them_together()
    {
        var domain = new TestDomain(Length);
        HoldToken[] held = [.. Enumerable.Range(0, HoldWord.MaxHolds - 2).Select(_ => domain.Take(HoldKind.Read))];
        Assert.Equal(TakeStatus.Full, Refused(domain, Whole(HoldKind.Read), Part(HoldKind.Read, 0, 10), Part(HoldKind.Read, 0, 0)).Status);
        var tokens = new HoldToken[2];
        Assert.Equal(TakeStatus.Taken, domain.TakeSeveral([Whole(HoldKind.Read), Part(HoldKind.Read, 0, 10)], tokens, out _));
        Release(tokens);
        Release(held);
    }

    [Fact]
    public void Traced_ones_tell_where_they_were_taken()
    {
        var traced = new TestDomain(Length, traced: true);
        var tokens = new HoldToken[2];
        Assert.Equal(TakeStatus.Taken, traced.TakeSeveral([Whole(HoldKind.Read), Part(HoldKind.Write, 5, 10)], tokens, out _));
        Assert.Equal([(HoldKind.Read, 0L, (long)Length), (HoldKind.Write, 5L, 10L)], traced.GetHolds().Select(static hold => (hold.Kind, hold.Start, hold.Length)));
        Release(tokens);
        Assert.Empty(traced.GetHolds());
    }

    /// <summary>
    /// Two want Write on both halves, or none. One takes Immutable on the right half now and then: while he has it nobody else holds anything
    /// that was granted, so that nothing may be in the way of freezing. As upgrading is, he upgrades a hold of his own on the left half.
    /// </summary>
    [Fact]
    public void What_was_not_granted_refuses_nobody()
    {
        const int Rounds = 200_000;
        using var stop = new CancellationTokenSource();
        Task[] takers = [.. Enumerable.Range(0, 2).Select(_ => Task.Run(() => TakeAgainAndAgain(stop.Token)))];
        int refusals = 0;
        int held = 0;
        for (int round = 0; round < Rounds; round++)
        {
            HoldToken left = _domain.TakeRange(ConflictTable.ReadIndex, Part(HoldKind.Read, 0, 50).Request, scoped: false, conflictThrows: true);
            HoldToken right = _domain.TakeRange(ConflictTable.ImmutableIndex, Part(HoldKind.Read, 50, 50).Request, scoped: false, conflictThrows: false);
            if (!right.IsDefault)
            {
                held++;
                refusals += left.TryUpgrade(HoldKind.Immutable, out HoldToken upgraded) ? 0 : 1;
                (upgraded.IsDefault ? left : upgraded).EndOnce();
                right.EndOnce();
            }
            else
            {
                left.EndOnce();
            }
        }

        stop.Cancel();
        Assert.True(Task.WaitAll(takers, Waits.Patience));
        Assert.Equal(0, refusals);
        Assert.NotEqual(0, held);
        Assert.True(_domain.TryCloseIdle());
    }

    private static HoldRequestPart Whole(HoldKind kind) => new(ConflictTable.Index(kind), RangeRequest.Whole);

    private static void Release(HoldToken[] tokens) => Assert.All(tokens, static token => Assert.True(token.TryRelease()));

    private static (TakeStatus Status, int Part) Refused(TestDomain domain, params HoldRequestPart[] parts)
    {
        var tokens = new HoldToken[parts.Length];
        TakeStatus status = domain.TakeSeveral(parts, tokens, out int refused);
        Assert.All(tokens, static token => Assert.True(token.IsDefault));
        return (status, refused);
    }

    private HoldRequestPart Part(HoldKind kind, long start, long length) => new(ConflictTable.Index(kind), new(start, start + length, _domain.Size));

    private HoldToken[] Taken(params HoldRequestPart[] parts)
    {
        var tokens = new HoldToken[parts.Length];
        Assert.Equal(TakeStatus.Taken, _domain.TakeSeveral(parts, tokens, out _));
        return tokens;
    }

    private void TakeAgainAndAgain(CancellationToken stop)
    {
        HoldRequestPart[] parts = [Part(HoldKind.Write, 0, 50), Part(HoldKind.Write, 50, 50)];
        while (!stop.IsCancellationRequested)
        {
            // By the way of a waiter, as a call that takes several does.
            var waiter = new AttemptWaiter();
            waiter.Begin(_domain, parts, clock: null);
            waiter.TryEnd();
            Assert.Null(waiter.Failure);
            Array.ForEach(waiter.Tokens ?? [], static token => token.EndOnce());
        }
    }

    private sealed class AttemptWaiter : HoldWaiter
    {
        internal override void Complete()
        {
        }
    }
}
