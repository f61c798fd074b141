using FastBuffers.Locking.Tests.Infrastructure;

namespace FastBuffers.Locking.Tests.Holds;

/// <summary>Bad argument, then dead object, then unsupported kind, then conflict; Try methods return false for the last only.</summary>
public sealed class ErrorPrecedenceTests
{
    // An object with everything wrong at once: retired, without support for Exclusive and Write, and conflicting holds out.
    private readonly TestDomain _domain = new(8, HoldCapabilities.Read | HoldCapabilities.Immutable);
    private readonly HoldToken _holder;

    public ErrorPrecedenceTests() => _holder = _domain.Take(HoldKind.Immutable);

    [Theory]
    [MemberData(nameof(Kinds.Invalid), MemberType = typeof(Kinds))]
    public void A_bad_argument_comes_first(HoldKind kind)
    {
        _domain.RetireCore(out _);

        AssertNames(kind, Assert.Throws<ArgumentOutOfRangeException>(() => _domain.TryTake(kind, out _)));
        AssertNames(kind, Assert.Throws<ArgumentOutOfRangeException>(() => _holder.Downgrade(kind)));
        AssertNames(kind, Assert.Throws<ArgumentOutOfRangeException>(() => _holder.TryUpgrade(kind, out _)));
    }

    [Theory]
    [MemberData(nameof(Kinds.Each), MemberType = typeof(Kinds))]
    public void A_retired_domain_comes_before_support_and_conflicts(HoldKind kind)
    {
        _domain.RetireCore(out _);

        Assert.Throws<ObjectDisposedException>(() => _domain.TryTake(kind, out _));
    }

    [Theory]
    [InlineData(HoldKind.Write)]
    [InlineData(HoldKind.Exclusive)]
    public void An_unsupported_kind_comes_before_a_conflict(HoldKind kind)
    {
        Assert.IsNotType<BufferConflictException>(Assert.Throws<BufferException>(() => _domain.TryTake(kind, out _)));
        Assert.IsNotType<BufferConflictException>(Assert.Throws<BufferException>(() => _holder.TryUpgrade(kind, out _)));
    }

    [Theory]
    [MemberData(nameof(Kinds.Pairs), MemberType = typeof(Kinds))]
    public void On_a_released_hold_a_wrong_direction_is_reported_before_the_release(HoldKind from, HoldKind to)
    {
        var domain = new TestDomain(8);
        HoldToken released = domain.Take(from);
        released.TryRelease();

        AssertThrows(Kinds.IsDowngrade(from, to), () => released.Downgrade(to));
        AssertThrows(Kinds.IsUpgrade(from, to), () => released.TryUpgrade(to, out _));
    }

    [Theory]
    [MemberData(nameof(Kinds.Each), MemberType = typeof(Kinds))]
    public void On_a_released_hold_a_kind_that_no_share_has_is_reported_before_the_release(HoldKind from)
    {
        var domain = new TestDomain(8);
        HoldToken released = domain.Take(from);
        released.TryRelease();

        Assert.Throws<ArgumentOutOfRangeException>(() => released.Share((HoldKind)3));
        AssertThrows(from == HoldKind.Exclusive, () => released.Share(HoldKind.Exclusive));
    }

    [Theory]
    [InlineData(HoldKind.Write)]
    [InlineData(HoldKind.Exclusive)]
    public void A_frozen_and_retired_tracker_is_first_of_all_retired(HoldKind kind)
    {
        var tracker = new HoldTracker(8);
        tracker.Freeze();
        Assert.Throws<BufferException>(() => tracker.TryTake(kind, out _));

        tracker.Retire();

        Assert.Throws<ObjectDisposedException>(() => tracker.TryTake(kind, out _));
        Assert.Throws<ObjectDisposedException>(tracker.Freeze);
    }

    [Fact]
    public void A_negative_length_is_an_argument_error() =>
        Assert.Throws<ArgumentOutOfRangeException>(static () => new HoldTracker(-1));

    private static void AssertNames(HoldKind kind, ArgumentOutOfRangeException exception) =>
        Assert.Equal(("kind", kind), (exception.ParamName, exception.ActualValue));

    private static void AssertThrows(bool legal, Action action) =>
        Assert.IsType(legal ? typeof(ObjectDisposedException) : typeof(ArgumentOutOfRangeException), Record.Exception(action));
}
