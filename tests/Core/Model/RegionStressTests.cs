using System.Diagnostics;

namespace FastBuffers.Tests.Model;

[Collection(ProcessWide.Name)]
public sealed class RegionStressTests
{
    private const int Length = 256;

    /// <summary>
    /// Who holds Immutable sees the same bytes twice; who holds Exclusive reads back what it wrote; writers mark what they write,
    /// so that a reader finds no byte that nobody wrote.
    /// </summary>
    [Theory]
    [InlineData(4, true)]
    [InlineData(6, false)]
    public void The_bytes_themselves_keep_what_the_kinds_promise(int threads, bool resizes)
    {
        Region region = Region.Allocate(Length);
        int seed = Environment.TickCount;
        long[] held = new long[4];
        var clock = Stopwatch.StartNew();
        Race.Run([.. Enumerable.Range(0, threads).Select(number => (Action)(() =>
        {
            var random = new Random(seed + number);
            while (clock.ElapsedMilliseconds < 1_500)
            {
                Turn(random, (byte)(number + 1));
            }

            // Whom the others left no room meanwhile gets it now that they end.
            foreach (HoldKind kind in Kinds.All)
            {
                Lease lease;
                var spin = default(SpinWait);
                while (!region.TryTake(kind, out lease))
                {
                    spin.SpinOnce(sleep1Threshold: -1);
                }

                Leased(lease, (byte)(number + 1), random);
            }
        }))]);

        Assert.All(held, count => Assert.True(count > 0, $"Seed {seed}: {string.Join(", ", held)} holds."));
        Assert.Equal(default, region.Snapshot());
        Assert.True(region.TryFree());

        void Turn(Random random, byte mark)
        {
            int kind = random.Next(4);
            if (random.Next(2) == 0)
            {
                Scoped(kind, mark, random);
            }
            else if (region.TryTake(Kinds.All[kind], out Lease lease))
            {
                Leased(lease, mark, random);
            }
            else if (resizes && random.Next(20) == 0)
            {
                TryResize();
            }
        }

        void Scoped(int kind, byte mark, Random random)
        {
            switch (Kinds.All[kind])
            {
                case HoldKind.Read when region.TryHoldRead(out ReadHold hold):
                    using (hold)
                    {
                        CheckMarks(hold.Span);
                    }

                    break;
                case HoldKind.Write when region.TryHoldWrite(out WriteHold hold):
                    using (hold)
                    {
                        hold.Span[random.Next(Length)] = mark;
                    }

                    break;
                case HoldKind.Immutable when region.TryHoldImmutable(out ImmutableHold hold):
                    using (hold)
                    {
                        CheckStable(hold.Span, random);
                    }

                    break;
                case HoldKind.Exclusive when region.TryHoldExclusive(out ExclusiveHold hold):
                    using (hold)
                    {
                        CheckMine(hold.Span, mark, random);
                    }

                    break;
                default:
                    return;
            }

            Interlocked.Increment(ref held[kind]);
        }

        void Leased(Lease lease, byte mark, Random random)
        {
            Interlocked.Increment(ref held[Array.IndexOf(Kinds.All, lease.Kind)]);
            for (int turn = 0; turn < 3; turn++)
            {
                Use(lease, mark, random);
                lease = Changed(lease, random);
            }

            if (lease.Kind == HoldKind.Exclusive && resizes)
            {
                lease = lease.Resize(Length + random.Next(100));
                lease = lease.Resize(Length);
                CheckMine(lease.Span, mark, random);
            }

            Assert.False(lease.IsReleased, $"Seed {seed}: somebody else ended a lease.");
            lease.Dispose();
            lease.Dispose();
        }

        void Use(Lease lease, byte mark, Random random)
        {
            switch (lease.Kind)
            {
                case HoldKind.Read:
                    CheckMarks(lease.ReadOnlyMemory.Span);
                    break;
                case HoldKind.Write:
                    lease.Span[random.Next(Length)] = mark;
                    break;
                case HoldKind.Immutable:
                    CheckStable(lease.ReadOnlySpan, random);
                    break;
                default:
                    CheckMine(lease.Span, mark, random);
                    break;
            }
        }

        Lease Changed(Lease lease, Random random)
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

            if (lease.Kind == HoldKind.Exclusive)
            {
                return lease;
            }

            Lease share = lease.Share();
            lease.Dispose();
            return share;
        }

        void TryResize()
        {
            try
            {
                region.Resize(Length);
            }
            catch (BufferConflictException)
            {
            }
        }

        void CheckMarks(ReadOnlySpan<byte> bytes) =>
            Assert.True(bytes.Length >= Length && bytes.IndexOfAnyExceptInRange((byte)0, (byte)threads) < 0, $"Seed {seed}: foreign bytes.");

        void CheckStable(ReadOnlySpan<byte> bytes, Random random)
        {
            int before = Hash(bytes);
            Thread.SpinWait(random.Next(30));
            Assert.True(before == Hash(bytes), $"Seed {seed}: immutable bytes changed.");
        }

        void CheckMine(Span<byte> bytes, byte mark, Random random)
        {
            bytes.Fill(mark);
            Thread.SpinWait(random.Next(30));
            Assert.True(bytes.IndexOfAnyExcept(mark) < 0, $"Seed {seed}: exclusive bytes changed.");
        }
    }

    private static int Hash(ReadOnlySpan<byte> bytes)
    {
        var hash = default(HashCode);
        hash.AddBytes(bytes);
        return hash.ToHashCode();
    }
}
