using FastBuffers.Locking.Tests.Infrastructure;

namespace FastBuffers.Locking.Tests.Diagnostics;

[Collection(ProcessWide.Name)]
public sealed class DoubleReleaseReportTests
{
    [Theory]
    [MemberData(nameof(Kinds.Each), MemberType = typeof(Kinds))]
    public void A_double_release_is_counted_and_raises_an_event(HoldKind kind)
    {
        using var watch = new DiagnosticsWatch();
        var domain = new TestDomain(1);
        HoldToken hold = domain.Take(kind);
        hold.TryRelease();
        Assert.Empty(watch.DoubleReleased);

        hold.TryRelease();
        hold.TryRelease();

        Assert.Equal(2, watch.DoubleReleases);
        Assert.All(watch.DoubleReleased, report => Assert.Equal((kind, (string?)null), (report.Kind, report.ReleaseStack)));
        Assert.Equal($"{kind} hold released twice: the second release changed nothing.", watch.DoubleReleased.First().ToString());
    }

    [Fact]
    public void Releasing_default_is_no_double_release()
    {
        using var watch = new DiagnosticsWatch(throwOnDoubleRelease: true);

        Assert.False(default(HoldToken).TryRelease());

        Assert.Equal(0, watch.DoubleReleases);
    }

    [Theory]
    [MemberData(nameof(Kinds.Each), MemberType = typeof(Kinds))]
    public void A_double_release_can_be_made_to_throw_and_still_changes_nothing(HoldKind kind)
    {
        using var watch = new DiagnosticsWatch(throwOnDoubleRelease: true);
        var domain = new TestDomain(1);
        HoldToken hold = domain.Take(kind);
        Assert.True(hold.TryRelease());
        HoldToken other = domain.Take(kind);

        Assert.Throws<BufferException>(() => hold.TryRelease());

        Assert.Equal(1, watch.DoubleReleases);
        Assert.True(other.TryRelease());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void A_traced_double_release_shows_who_took_the_hold_and_who_released_it_first(long length)
    {
        using var watch = new DiagnosticsWatch();
        var domain = new TestDomain(length, traced: true);
        foreach (HoldKind kind in Kinds.All)
        {
            HoldToken hold = TakeHere(domain, kind);
            Assert.True(ReleaseHere(hold));

            hold.TryRelease();

            HoldEventArgs report = watch.DoubleReleased.Last();
            Assert.Contains(nameof(TakeHere), report.BirthStack, StringComparison.Ordinal);
            Assert.Contains(nameof(ReleaseHere), report.ReleaseStack, StringComparison.Ordinal);
            Assert.Contains(nameof(ReleaseHere), report.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Tracing_applies_to_trackers_made_while_it_is_on()
    {
        using var watch = new DiagnosticsWatch(trace: true);
        var tracker = new HoldTracker(1);
        Assert.True(tracker.TryTake(HoldKind.Read, out HoldToken hold) && hold.TryRelease());

        hold.TryRelease();

        Assert.NotNull(Assert.Single(watch.DoubleReleased).ReleaseStack);
    }

    private static HoldToken TakeHere(TestDomain domain, HoldKind kind) => domain.Take(kind);

    private static bool ReleaseHere(HoldToken hold) => hold.TryRelease();
}
