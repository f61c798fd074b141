using FastBuffers.Locking.Tests.Infrastructure;

namespace FastBuffers.Locking.Tests.Holds;

/// <summary>
/// A torn copy has one field of one token and the other of another. It is nobody's hold: not even when the first one has ended and
/// its identity is somebody else's by now, which is how a reader of a field that is overwritten would get at a hold it never had.
/// </summary>
public sealed class TornTokenTests
{
    [Theory]
    [MemberData(nameof(Kinds.Each), MemberType = typeof(Kinds))]
    public void A_torn_copy_never_validates(HoldKind kind)
    {
        var one = new TestDomain(1);
        var other = new TestDomain(1);
        HoldToken overwritten = one.Take(kind);
        HoldToken written = other.Take(kind);
        Assert.True(overwritten.TryRelease());
        HoldToken somebodyElses = one.Take(kind);

        // Whoever is behind takes again: both may get as far as the other.
        for (int i = 0; i < 10_000 && somebodyElses.Value != written.Value; i++)
        {
            (TestDomain domain, HoldToken behind) = somebodyElses.Value < written.Value ? (one, somebodyElses) : (other, written);
            Assert.True(behind.TryRelease());
            (somebodyElses, written) = domain == one ? (domain.Take(kind), written) : (somebodyElses, domain.Take(kind));
        }

        var torn = new HoldToken(somebodyElses.Source, written.Value);

        Assert.False(torn == somebodyElses, "The torn copy is somebody else's live hold, and would end it.");
        Assert.True(torn.IsReleased);
        Assert.True(somebodyElses.TryRelease() && written.TryRelease());
    }
}
