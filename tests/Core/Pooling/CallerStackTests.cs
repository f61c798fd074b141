using System.Runtime.CompilerServices;
using FastBuffers.Tests.Infrastructure;

namespace FastBuffers.Tests.Pooling;

/// <summary>A thread is known by its stack, also when that is another thread's later; and where it is not known, nothing but time is lost.</summary>
public sealed class CallerStackTests
{
    private const int Window = 512 << 10;

    [Fact]
    public void Windows_of_living_threads_do_not_overlap_and_have_their_thread_in()
    {
        nuint[] windows = new nuint[16];
        using var all = new Barrier(windows.Length);
        Race.Run([.. Enumerable.Range(0, windows.Length).Select<int, Action>(i => () =>
        {
            windows[i] = CallerStack.FindWindow();
            Assert.True(CallerStack.IsIn(CallerStack.Here, windows[i]));
            all.SignalAndWait();
            Assert.Single(windows, window => CallerStack.IsIn(CallerStack.Here, window));
        })]);

        Array.Sort(windows);
        Assert.All(windows.Skip(1).Zip(windows), pair => Assert.True(pair.First - pair.Second >= Window));
    }

    [Theory]
    [InlineData(128 << 10)]
    [InlineData(8 << 20)]
    public void A_thread_of_any_stack_rents_and_returns(int stackBytes)
    {
        using var pool = new RegionPool();
        OnThread(stackBytes, () =>
        {
            Assert.Equal(stackBytes >= 2 * Window, CallerStack.FindWindow() != CallerStack.NoWindow);
            RentAndReturn(pool);
        });

        CheckAllIsBack(pool);
    }

    [Fact]
    public void Rentals_begin_and_end_at_any_depth_of_the_stack()
    {
        using var pool = new RegionPool();
        OnThread(8 << 20, () =>
        {
            Lease shallow = pool.Rent(100);
            Lease deep = default;
            Descend(2 * Window, () =>
            {
                Assert.False(CallerStack.IsIn(CallerStack.Here, CallerStack.FindWindow()));
                shallow.Dispose();
                shallow.Dispose();
                deep = pool.Rent(100);
                RentAndReturn(pool);
            });
            Assert.True(shallow.IsReleased);
            deep.Dispose();
            deep.Dispose();
            RentAndReturn(pool);
        });

        Assert.Equal(2, pool.Statistics.DoubleReturns);
        CheckAllIsBack(pool);
    }

    [Fact]
    public void A_thread_with_the_stack_of_one_that_ended_ends_its_rentals_once_and_keeps_the_blocks_to_be_found()
    {
        using var pool = new RegionPool();
        var stacks = new HashSet<nuint>();
        bool met = false;
        List<Lease> left = [];
        for (int life = 0; life < 50; life++)
        {
            OnThread(1 << 20, () =>
            {
                met |= !stacks.Add(CallerStack.FindWindow());
                foreach (Lease lease in left)
                {
                    lease.Dispose();
                    lease.Dispose();
                }

                left = [.. Enumerable.Range(1, 40).Select(i => pool.Rent(i * 100))];
                RentAndReturn(pool);
                if (life % 3 == 0)
                {
                    pool.Trim();
                }
            });
        }

        left.ForEach(lease => lease.Dispose());
        Assert.True(met, "No thread had the stack of another one.");
        Assert.Equal(49 * 40, pool.Statistics.DoubleReturns);
        CheckAllIsBack(pool);
    }

    [Fact]
    public void More_threads_than_there_are_places_rent_and_return()
    {
        using var pool = new RegionPool();
        using var all = new Barrier(300);
        Race.Run([.. Enumerable.Repeat<Action>(
            () =>
            {
                RentAndReturn(pool);
                all.SignalAndWait();
                RentAndReturn(pool);
            },
            all.ParticipantCount)]);

        CheckAllIsBack(pool);
    }

    private static void RentAndReturn(RegionPool pool)
    {
        for (int i = 1; i < 300; i++)
        {
            using Lease one = pool.Rent(i * 13);
            using Lease other = pool.Rent(i * 13);
            one.Span.Fill(1);
            other.Span.Fill(2);
            Assert.Equal(-1, one.Span.IndexOfAnyExcept((byte)1));
        }
    }

    private static void CheckAllIsBack(RegionPool pool)
    {
        Assert.Equal((0L, pool.Statistics.Rents), (pool.Statistics.RentedBytes, pool.Statistics.Returns));
        pool.Trim();
        Assert.Equal((0L, 0L), (pool.Statistics.CachedBytes, pool.Statistics.ReservedBytes));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Descend(int bytes, Action action)
    {
        Span<byte> frame = stackalloc byte[4096];
        frame[0] = 1;
        if (bytes > 0)
        {
            Descend(bytes - frame.Length, action);
        }
        else
        {
            action();
        }

        frame[^1] = frame[0];
    }

    private static void OnThread(int stackBytes, Action action)
    {
        Exception? failure = null;
        var thread = new Thread(
            () =>
            {
                try
                {
                    action();
                }
                catch (Exception exception)
                {
                    failure = exception;
                }
            },
            stackBytes);
        thread.Start();
        thread.Join();
        Assert.Null(failure);
    }
}
