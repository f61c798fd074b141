using System.Diagnostics;

namespace FastBuffers.Tests.Model;

/// <summary>
/// Threads that take, convert, share, split and join holds on parts and on the whole. Who holds Immutable sees the same bytes twice; who
/// holds Exclusive reads back what it wrote; writers mark what they write, so that a reader finds no byte that nobody wrote.
/// </summary>
[Collection(ProcessWide.Name)]
public sealed class SliceStressTests
{
    private const int Length = 64;

    private readonly Region _region = Region.Allocate(Length);
    private readonly long[] _held = new long[4];
    private readonly int _seed = Environment.TickCount;
    private long _joined;

    [Theory]
    [InlineData(2, 8)]
    [InlineData(4, 16)]
    [InlineData(6, 64)]
    public void The_bytes_of_each_part_keep_what_the_kinds_promise(int threads, int longest)
    {
        var clock = Stopwatch.StartNew();
        Race.Run([.. Enumerable.Range(1, threads).Select(mark => (Action)(() =>
        {
            var random = new Random(_seed + mark);
            while (clock.ElapsedMilliseconds < 1_500)
            {
                Turn(random, (byte)mark, longest);
            }
        }))]);

        Assert.All(_held.Append(_joined), count => Assert.True(count > 0, $"Seed {_seed}: {string.Join(", ", _held)} holds, {_joined} joined."));
        Assert.True(_region.Snapshot() == default, $"Seed {_seed}: {_region}");
        Assert.True(_region.TryFree());
    }

    private void Turn(Random random, byte mark, int longest)
    {
        int start = random.Next(Length);
        RegionSlice slice = _region.Slice(start, Math.Min(random.Next(longest + 1), Length - start));
        HoldKind kind = Kinds.All[random.Next(4)];
        int what = random.Next(100);
        if (what < 2)
        {
            Append(random, mark);
        }
        else if (what < 30 && slice.TryHoldExclusive(out ExclusiveHold hold))
        {
            using (hold)
            {
                CheckMine(hold.Span, mark, random);
            }
        }
        else if (what < 50 && slice.TryHoldImmutable(out ImmutableHold immutable))
        {
            using (immutable)
            {
                CheckStable(immutable.Span, random);
            }
        }
        else if (what < 55 ? _region.TryTake(kind, out Lease lease) : slice.TryTake(kind, out lease))
        {
            Work(lease, mark, random);
        }
    }

    private void Work(Lease lease, byte mark, Random random)
    {
        Interlocked.Increment(ref _held[Array.IndexOf(Kinds.All, lease.Kind)]);
        for (int turn = 0; turn < 3; turn++)
        {
            Use(lease, mark, random);
            lease = Changed(lease, mark, random);
        }

        Assert.False(lease.IsReleased, $"Seed {_seed}: somebody else ended a lease.");
        lease.Dispose();
        lease.Dispose();
    }

    private void Use(Lease lease, byte mark, Random random)
    {
        using LeaseScope scope = lease.Open();
        switch (lease.Kind)
        {
            case HoldKind.Read:
                CheckMarks(scope.ReadOnlySpan);
                break;
            case HoldKind.Write when lease.Length > 0:
                scope.Span[random.Next(lease.Length)] = mark;
                break;
            case HoldKind.Immutable:
                CheckStable(scope.ReadOnlySpan, random);
                break;
            case HoldKind.Exclusive:
                CheckMine(scope.Span, mark, random);
                break;
        }
    }

    private Lease Changed(Lease lease, byte mark, Random random)
    {
        HoldKind kind = Kinds.All[random.Next(4)];
        if (Kinds.IsDowngrade(lease.Kind, kind))
        {
            return lease.Downgrade(kind);
        }

        if (Kinds.IsUpgrade(lease.Kind, kind))
        {
            return lease.TryUpgrade(kind, out Lease upgraded) ? upgraded : lease;
        }

        if (lease.Kind != HoldKind.Exclusive)
        {
            int start = random.Next(lease.Length + 1);
            Lease share = lease.Share(start, random.Next(lease.Length - start + 1));
            lease.Dispose();
            return share;
        }

        (Lease left, Lease right) = lease.Split(random.Next(lease.Length + 1));
        CheckMine(left.Span, mark, random);
        CheckMine(right.Span, mark, random);
        Assert.True(Lease.TryJoin(left, right, out Lease joined), $"Seed {_seed}: {left} and {right} do not join.");
        Interlocked.Increment(ref _joined);
        return joined;
    }

    // What is published may be read by others from then on, so that it is not written again.
    private void Append(Random random, byte mark)
    {
        if (!_region.TryAppend(out AppendLease appender))
        {
            return;
        }

        while (appender.Written < Length && random.Next(8) != 0)
        {
            AppendWindow window = appender.Window;
            CheckMine(window.Span, mark, random);
            appender.Publish(random.Next(window.Length + 1));
        }

        appender.Seal();
    }

    private void CheckMarks(ReadOnlySpan<byte> bytes) =>
        Assert.True(bytes.IndexOfAnyExceptInRange((byte)0, (byte)6) < 0, $"Seed {_seed}: foreign bytes.");

    private void CheckStable(ReadOnlySpan<byte> bytes, Random random)
    {
        int before = Hash(bytes);
        Thread.SpinWait(random.Next(30));
        Assert.True(before == Hash(bytes), $"Seed {_seed}: immutable bytes changed.");
    }

    private void CheckMine(Span<byte> bytes, byte mark, Random random)
    {
        bytes.Fill(mark);
        Thread.SpinWait(random.Next(30));
        Assert.True(bytes.IndexOfAnyExcept(mark) < 0, $"Seed {_seed}: exclusive bytes changed.");
    }

    private static int Hash(ReadOnlySpan<byte> bytes)
    {
        var hash = default(HashCode);
        hash.AddBytes(bytes);
        return hash.ToHashCode();
    }
}
