using System.Diagnostics;
using FastBuffers.Locking;

namespace FastBuffers.Tests.Holds;

/// <summary>Scoped Read and Immutable holds of a region that is read so often that they become biased, beside everything else.</summary>
[Collection(ProcessWide.Name)]
public sealed class BiasedReaderTests
{
    [Fact]
    public void Nested_holds_are_counted_and_each_ends_once()
    {
        using Region region = MostlyRead();
        ReadHold first = region.HoldRead();
        ImmutableHold second = region.HoldImmutable();
        ReadHold third = region.HoldRead();

        HoldSnapshot inside = region.Snapshot();
        Assert.Equal((2, 1, 3), (inside.Readers, inside.Immutables, inside.Total));
        Assert.Equal(3, region.GetHolds().Count);
        Assert.False(region.TryHoldExclusive(out _));
        Assert.False(region.TryHoldWrite(out _));

        second.Dispose();
        Assert.True(region.TryHoldWrite(out WriteHold write));
        write.Dispose();
        third.Dispose();
        first.Dispose();
        Assert.Equal(0, region.Snapshot().Total);
        region.HoldExclusive().Dispose();
    }

    [Fact]
    public void More_holds_than_there_are_slots_are_taken_by_the_word()
    {
        using Region region = MostlyRead();
        Nest(region, depth: 12);

        Assert.Equal(0, region.Snapshot().Total);
        Assert.True(region.TryFree());
    }

    [Fact]
    public void A_second_release_of_a_copy_ends_nothing_else()
    {
        using Region region = MostlyRead();
        long before = HoldDiagnostics.DoubleReleases;
        ReadHold hold = region.HoldRead();
        ReadHold copy = hold;
        hold.Dispose();
        ReadHold other = region.HoldRead();
        copy.Dispose();

        Assert.True(HoldDiagnostics.DoubleReleases > before);
        Assert.Equal(1, region.Snapshot().Readers);
        Assert.Equal(region.Length, other.Span.Length);
        ObjectDisposedException? stale = null;
        try
        {
            _ = copy.Span.Length;
        }
        catch (ObjectDisposedException exception)
        {
            stale = exception;
        }

        Assert.NotNull(stale);
        other.Dispose();
        Assert.Equal(0, region.Snapshot().Total);
    }

    [Fact]
    public void Disposing_under_a_biased_hold_frees_at_its_end()
    {
        Region region = MostlyRead();
        ReadHold hold = region.HoldRead();
        region.Dispose();

        Assert.False(region.IsClosed);
        Assert.Equal(region.Length, hold.Span.Length);
        Assert.Throws<ObjectDisposedException>(() => region.HoldRead().Dispose());
        hold.Dispose();
        Assert.True(region.IsClosed);
    }

    [Fact]
    public void Resizing_freeing_and_freezing_see_biased_holds()
    {
        using Region region = MostlyRead();
        ReadHold hold = region.HoldRead();

        Assert.False(region.TryFree());
        Assert.Throws<BufferConflictException>(() => region.Resize(10));
        region.FreezeCore();
        Assert.Equal(1, region.Snapshot().Readers);
        hold.Dispose();
        Assert.Equal(0, region.Snapshot().Total);
        Assert.True(region.TryFree());
    }

    [Fact]
    public void A_waiter_for_exclusive_is_served_at_the_end_of_the_last_biased_hold()
    {
        using Region region = MostlyRead();
        ReadHold hold = region.HoldRead();
        ValueTask<Lease> waiting = region.AcquireAsync(HoldKind.Exclusive, TestContext.Current.CancellationToken);
        Assert.False(waiting.IsCompleted);
        hold.Dispose();
        using Lease lease = waiting.AsTask().GetAwaiter().GetResult();

        Assert.Equal(HoldKind.Exclusive, lease.Kind);
    }

    /// <summary>Readers who hash twice, writers who write all and read it back, one who changes his mind, and at the end one who disposes.</summary>
    [Fact]
    public void Under_stress_no_byte_changes_under_an_immutable_hold()
    {
        Region region = MostlyRead();
        var watch = Stopwatch.StartNew();
        TimeSpan enough = TimeSpan.FromSeconds(3);
        long reads = 0, writes = 0, biased = 0;
        string? wrong = null;
        Thread[] threads = [.. Enumerable.Range(0, 5).Select(i => new Thread(i < 3 ? Read : () => Write(i)) { IsBackground = true })];
        Array.ForEach(threads, static thread => thread.Start());
        while (watch.Elapsed < enough)
        {
            biased += region.Tracker.IsBiased ? 1 : 0;
            Thread.Sleep(1);
        }

        region.Dispose();
        Assert.All(threads, static thread => Assert.True(thread.Join(TimeSpan.FromSeconds(60)), "A thread hangs."));
        Assert.Null(wrong);
        Assert.True(region.IsClosed);
        Assert.Equal(0, region.Snapshot().Total);
        TestContext.Current.TestOutputHelper?.WriteLine($"{reads} reads, {writes} writes, biased {biased} times of {watch.ElapsedMilliseconds}");

        void Read()
        {
            try
            {
                for (long i = 0; ; i++)
                {
                    if (region.TryHoldImmutable(out ImmutableHold hold))
                    {
                        using (hold)
                        {
                            byte first = hold.Span[0];
                            if (hold.Span.ContainsAnyExcept(first) || hold.Span.ContainsAnyExcept(first))
                            {
                                wrong = "The bytes have changed under Immutable.";
                            }
                        }

                        Interlocked.Increment(ref reads);
                    }
                }
            }
            catch (ObjectDisposedException)
            {
                // The end.
            }
        }

        void Fill(Span<byte> bytes, byte value)
        {
            bytes.Fill(value);
            if (bytes.ContainsAnyExcept(value))
            {
                wrong = "Somebody else has written under Exclusive.";
            }

            Interlocked.Increment(ref writes);
        }

        void Write(int id)
        {
            try
            {
                for (int i = 0; ; i++)
                {
                    // Who waits comes in beside readers who never cease; who does not, hardly.
                    if (id == 3)
                    {
                        using Lease lease = region.Acquire(HoldKind.Exclusive);
                        Fill(lease.Span, (byte)i);
                    }
                    else if (region.TryHoldExclusive(out ExclusiveHold hold))
                    {
                        using (hold)
                        {
                            Fill(hold.Span, (byte)i);
                        }
                    }

                    Thread.SpinWait((i % 64) * 400);
                }
            }
            catch (ObjectDisposedException)
            {
                // The end.
            }
        }
    }

    private static void Nest(Region region, int depth)
    {
        if (depth > 0)
        {
            using ReadHold hold = region.HoldRead();
            Assert.Equal(region.Length, hold.Span.Length);
            Nest(region, depth - 1);
            Assert.Equal(region.Length, hold.Span.Length);
        }
    }

    // Read until it is biased, at this depth of the stack too.
    private static Region MostlyRead()
    {
        var region = Region.Allocate(256);
        var watch = Stopwatch.StartNew();
        while (!region.Tracker.IsBiased)
        {
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(30), "It does not become biased.");
            region.HoldRead().Dispose();
        }

        return region;
    }
}
