using System.Runtime.CompilerServices;
using FastBuffers.Locking.Tests.Infrastructure;

namespace FastBuffers.Locking.Tests.Diagnostics;

[Collection(ProcessWide.Name)]
public sealed class LostHoldTests
{
    // Two shared holds have their identity with the domain, which cannot know that they are lost; the others have tickets.
    private const int Embedded = 2;

    [Theory]
    [InlineData(HoldKind.Exclusive, false)]
    [InlineData(HoldKind.Read, false)]
    [InlineData(HoldKind.Exclusive, true)]
    [InlineData(HoldKind.Immutable, true)]
    public void A_lost_hold_is_reported_once_and_ends_by_itself(HoldKind kind, bool traced)
    {
        using var watch = new DiagnosticsWatch();
        var domain = new TestDomain(4_711, traced: traced);
        HoldToken[] kept = [.. Enumerable.Range(0, kind == HoldKind.Exclusive ? 0 : Embedded).Select(_ => domain.Take(kind))];

        Lose(domain, kind);

        Assert.True(DiagnosticsWatch.CollectUntil(() => domain.Snapshot().Total == kept.Length), domain.Snapshot().ToString());
        HoldEventArgs report = Assert.Single(watch.Leaked, static report => report.ByteLength == 4_711);
        Assert.Equal((kind, traced), (report.Kind, report.BirthStack?.Contains(nameof(Lose), StringComparison.Ordinal) ?? false));
        Assert.Equal($"{kind} hold on TestDomain of 4711 bytes was dropped without release.", report.Message);
        Assert.All(kept, static hold => Assert.True(hold.TryRelease()));
        Assert.Equal(default, domain.Snapshot());
    }

    [Fact]
    public void A_lost_hold_stays_held_for_two_more_collections()
    {
        using var watch = new DiagnosticsWatch();
        var domain = new TestDomain(4_712);
        Lose(domain, HoldKind.Exclusive);
        GC.Collect();
        GC.WaitForPendingFinalizers();

        Assert.False(domain.TryTake(HoldKind.Read, out _));

        Assert.True(DiagnosticsWatch.CollectUntil(() => domain.Snapshot().Total == 0));
    }

    [Fact]
    public void A_hold_whose_identity_was_lost_before_is_found_and_quarantined_as_the_first_time()
    {
        using var watch = new DiagnosticsWatch();
        var domain = new TestDomain(4_714);
        HoldToken[] kept = [.. Enumerable.Range(0, Embedded).Select(_ => domain.Take(HoldKind.Read))];
        for (int time = 1; time <= 2; time++)
        {
            // So many that their tickets come back to everybody, from the thread that finalizes.
            Race.Run(() =>
            {
                for (int i = 0; i < 500; i++)
                {
                    domain.Take(HoldKind.Read);
                }
            });
            GC.Collect();
            GC.WaitForPendingFinalizers();
            Assert.Equal(500 + Embedded, domain.Snapshot().Total);
            Assert.True(DiagnosticsWatch.CollectUntil(() => domain.Snapshot().Total == Embedded), $"Time {time}: {domain.Snapshot()}");
            Assert.Equal(500 * time, watch.Leaked.Count(static report => report.ByteLength == 4_714));
        }

        Assert.All(kept, static hold => Assert.True(hold.TryRelease()));
    }

    [Fact]
    public void Holds_that_were_released_are_not_reported()
    {
        using var watch = new DiagnosticsWatch();
        var domain = new TestDomain(4_713);
        Assert.All(Enumerable.Range(0, 300).Select(_ => domain.Take(HoldKind.Read)).ToArray(), static hold => Assert.True(hold.TryRelease()));

        DiagnosticsWatch.CollectUntil(static () => false);

        Assert.DoesNotContain(watch.Leaked, static report => report.ByteLength == 4_713);
        Assert.Equal(default, domain.Snapshot());
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Lose(TestDomain domain, HoldKind kind) => Race.Run(() => domain.Take(kind));
}
