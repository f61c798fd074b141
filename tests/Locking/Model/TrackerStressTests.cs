using System.Diagnostics;

namespace FastBuffers.Locking.Tests.Model;

[Collection(ProcessWide.Name)]
public sealed class TrackerStressTests
{
    /// <summary>
    /// Each holder counts itself in while it holds; what it finds counted beside itself must be at peace with it.
    /// </summary>
    [Fact]
    public void Threads_that_take_convert_share_and_release_never_hold_what_conflicts()
    {
        var tracker = new HoldTracker(1);
        int[] holders = new int[4];
        int seed = Environment.TickCount;
        long taken = 0;
        var clock = Stopwatch.StartNew();
        Race.Run([.. Enumerable.Range(0, 4).Select(number => (Action)(() =>
        {
            var random = new Random(seed + number);
            while (clock.ElapsedMilliseconds < 2_000)
            {
                int kind = random.Next(4);
                if (!tracker.TryTake(Kinds.All[kind], out HoldToken hold))
                {
                    continue;
                }

                Interlocked.Increment(ref taken);
                hold = Work(hold, random);
                Assert.True(hold.TryRelease(), $"Seed {seed}: somebody else ended a hold.");
                Assert.False(hold.TryRelease());
            }
        }))]);
        Assert.True(taken > 100, $"Only {taken} holds.");
        Assert.Equal(default, tracker.Snapshot());

        HoldToken Work(HoldToken hold, Random random)
        {
            Check(hold.Kind);
            for (int turn = 0; turn < 3; turn++)
            {
                HoldKind kind = Kinds.All[random.Next(4)];
                if (Kinds.IsDowngrade(hold.Kind, kind))
                {
                    hold = hold.Downgrade(kind);
                }
                else if (Kinds.IsUpgrade(hold.Kind, kind))
                {
                    hold = hold.TryUpgrade(kind, out HoldToken upgraded) ? upgraded : hold;
                }
                else if (hold.Kind != HoldKind.Exclusive)
                {
                    HoldToken share = hold.Share();
                    Assert.True(hold.TryRelease());
                    hold = share;
                }

                Check(hold.Kind);
            }

            return hold;
        }

        void Check(HoldKind kind)
        {
            int mine = Array.IndexOf(Kinds.All, kind);
            Interlocked.Increment(ref holders[mine]);
            for (int other = 0; other < 4; other++)
            {
                int beside = Volatile.Read(ref holders[other]) - (other == mine ? 1 : 0);
                Assert.False(Kinds.Conflict(Kinds.All[other], kind) && beside > 0, $"Seed {seed}: {kind} beside {beside} {Kinds.All[other]}.");
            }

            Interlocked.Decrement(ref holders[mine]);
        }
    }
}
