using System.Runtime.CompilerServices;

namespace FastBuffers.Locking;

/// <summary>
/// The state machine of one domain: who holds the whole of it, whether it is frozen, retired or closed. Every transition is one locked
/// instruction on <see cref="_word"/>; lock-free, as long as there are no holds on parts.
/// </summary>
/// <remarks>
/// <para><b>How Exclusive leaves.</b> While Exclusive is set in a narrow word, nobody else changes it: every other transition refuses
/// first (but <see cref="FreezeEmpty"/>, at length 0, where nobody holds the word but an owner who leaves it by compare-and-swap). So
/// its holder leaves by an exchange, with nothing to compare. What others have to tell it (retiring; zero-length holds) is in
/// <see cref="_others"/>, which it reads after the exchange, as <see cref="Retire"/> reads the word after setting that field. Both are
/// full fences, so that one of the two sees the other, and the last hold is always noticed by somebody. (A plain store would need a
/// process-wide barrier in Retire; measured in a loop it took 5.9 ns or 11, by the whim of the processor, and the exchange 6.2.)</para>
/// <para><b>When a domain is retired.</b> Every take reads the word, then <see cref="_others"/>, then wins or loses its CAS on that very
/// word. <see cref="Retire"/> sets Retiring there, then changes the word, by Retired; or finds somebody with Exclusive in it, which
/// means that the word changes when that one leaves, because Exclusive leaves with a new version. (A wide word has none; there
/// Retired is set beside Exclusive, which leaves by compare-and-swap.) So a take either sees Retiring or loses its CAS, and none has
/// to be undone, which could have refused somebody for nothing.</para>
/// <para><b>Waiters</b> are out of line, in the <see cref="WaitTable"/>. Waiting is set in <see cref="_others"/> while there are any; by
/// one who tries again afterwards. Whoever makes room changes the word (or the table, under its lock) and reads that field afterwards. So
/// one of the two sees the other, and nobody pays for waiters where there are none: the fast paths want that field to be 0 anyway.</para>
/// <para><b>Holds on parts</b> are in the range table, under its short lock, and whole-domain holds in the word, always. The first hold
/// on a part sets Ranged in the word. While it is set, whole-domain holds are taken and upgraded under that lock too, after a look at the
/// table, so that its holder decides alone; without the lock they are only released, weakened, and shared, which
/// nothing that the holder has seen can conflict with. Ranged is cleared by the first whole-domain take that finds the table empty, and by
/// anything that sets Exclusive: so beside Exclusive the table is empty, and its holder needs no look at it.</para>
/// </remarks>
internal partial struct Tracker
{
    private const long Retiring = 1L << 0;
    private const long Resizing = 1L << 1;
    private const long Rental = 1L << 2;
    private const long Eventful = 1L << 3;
    private const long Waiting = 1L << 4;
    private const long RentalFlags = Rental | Eventful;
    private const int EmptyShift = 8;
    private const long EmptyOne = 1L << EmptyShift;

    private long _word;

    // The flags above, and the number of zero-length holds, which conflict with nothing and so need no place in the word.
    private long _others;

    // The version of the embedded holder that was there when the word became wide and lost its version; see Widen.
    private long _embeddedAtWidening;

    // The key of the bias to readers, or a stamp: see Tracker.Bias.cs.
    private long _bias;

    private RangeTable? _ranges;

    internal Tracker(bool isChecked) => _word = HoldWord.Initial(isChecked);

    /// <summary>The word now.</summary>
    internal long Word => Volatile.Read(ref _word);

    /// <summary>Whether new holds are refused.</summary>
    internal bool IsRetired => IsRetiredAt(Volatile.Read(ref _word));

    /// <summary>Whether a release has more to do than to leave the word: see <see cref="TryClose"/>.</summary>
    internal bool HasOthers => Volatile.Read(ref _others) != 0;

    /// <summary>The number of zero-length holds.</summary>
    internal int EmptyHolds => (int)(Volatile.Read(ref _others) >> EmptyShift);

    /// <summary>
    /// The fast path: takes an idle, narrow, unchecked word for its first holder. <paramref name="first"/> is what that holder adds.
    /// A false answer says nothing; the slow path decides.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool TryTakeIdle(long first, out long token)
    {
        long word = Volatile.Read(ref _word);
        token = word | first;
        return (word & ~HoldWord.VersionMask) == 0
            && Volatile.Read(ref _others) == 0
            && Interlocked.CompareExchange(ref _word, token, word) == word;
    }

    /// <summary>
    /// The fast path out: the first holder leaves and is the only one. A false answer says nothing, and comes now and then: at the end of the
    /// versions, and whenever there is more to see to (<see cref="HoldWord.IsSample"/>).
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool TryReleaseIdle(long token)
    {
        long next = (token + HoldWord.VersionOne) & HoldWord.VersionMask;
        return (next & HoldWord.SampleMask) != 0
            && Volatile.Read(ref _word) == token
            && Interlocked.CompareExchange(ref _word, next, token) == token;
    }

    /// <summary>A scoped Exclusive hold leaves. For the thread that took it only.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool TryReleaseScopedExclusive(long token)
    {
        if (Volatile.Read(ref _word) != token)
        {
            return false;
        }

        Interlocked.Exchange(ref _word, HoldWord.NextVersion(token & ~HoldWord.Exclusive));
        return true;
    }

    /// <summary>Whether a scoped Exclusive hold is alive.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool IsExclusive(long token) => Volatile.Read(ref _word) == token;

    /// <summary>Whether an embedded hold is alive.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool IsEmbedded(long token)
    {
        long word = Volatile.Read(ref _word);
        return (((word ^ token) & HoldWord.IdentityMask) == 0 && (token & HoldWord.TicketTag) == 0) || IsEmbeddedInWide(word, token);
    }

    /// <summary>Takes what makes the given word the next one, unless it has changed. A false answer says nothing.</summary>
    internal bool TryTakeAt(long word, long next) =>
        Volatile.Read(ref _others) == 0 && Interlocked.CompareExchange(ref _word, next, word) == word;

    private bool IsRetiredAt(long word) => (word & HoldWord.Retired) != 0 || (Volatile.Read(ref _others) & Retiring) != 0;
}
