using System.Runtime.CompilerServices;

namespace FastBuffers.Locking;

/// <summary>
/// The state machine of one domain: who holds the whole of it, whether it is frozen, retired or closed. Lock-free; every
/// transition of <see cref="_word"/> is one interlocked operation, except that an Exclusive hold leaves by a plain store.
/// </summary>
/// <remarks>
/// <para><b>Why the plain store is sound.</b> While Exclusive is set, nobody else changes the word: every other transition refuses
/// first (but <see cref="FreezeEmpty"/>, at length 0, where nobody holds the word but an owner who leaves it interlocked). What others have to tell the holder (retiring; zero-length holds) is in <see cref="_others"/>. The holder stores the word,
/// then reads that field; <see cref="Retire"/> sets the field, issues a process-wide barrier if it sees Exclusive, then reads the
/// word again: one of the two sees the other (an asymmetric Dekker pair), so that the last hold is always noticed by somebody.</para>
/// <para><b>When a domain is retired.</b> Retire announces itself (Retiring), then decides: by Retired in the word, which no take
/// gets past, or, under an Exclusive holder, by RetiredUnderExclusive. In that second case a take can still win the word between the
/// holder's leaving and the closing; it looks at the flags after its CAS (a full fence) and undoes itself. Such a take came after
/// Retiring was set, so that whoever is refused because of it sees Retiring, sets Retired, and answers that instead of a conflict.
/// A take that sees Retiring alone keeps its hold: it came before the decision.</para>
/// </remarks>
internal partial struct Tracker
{
    private const long Retiring = 1L << 0;
    private const long RetiredUnderExclusive = 1L << 1;
    private const long Resizing = 1L << 2;
    private const int EmptyShift = 8;
    private const long EmptyOne = 1L << EmptyShift;

    private long _word;

    // The flags above, and the number of zero-length holds, which conflict with nothing and so need no place in the word.
    private long _others;

    // The version of the embedded holder that was there when the word became wide and lost its version; see Widen.
    private long _embeddedAtWidening;

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
            && Interlocked.CompareExchange(ref _word, token, word) == word
            && (Volatile.Read(ref _others) == 0 || Confirm(token, first));
    }

    /// <summary>The fast path out: the first holder leaves and is the only one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool TryReleaseIdle(long token)
    {
        long next = (token + HoldWord.VersionOne) & HoldWord.VersionMask;
        return next != 0
            && Volatile.Read(ref _word) == token
            && Interlocked.CompareExchange(ref _word, next, token) == token;
    }

    /// <summary>A scoped Exclusive hold leaves, by a plain store. For the thread that took it only.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool TryReleaseScopedExclusive(long token)
    {
        if (Volatile.Read(ref _word) != token)
        {
            return false;
        }

        Volatile.Write(ref _word, HoldWord.NextVersion(token & ~HoldWord.Exclusive));
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
    internal bool TryTakeAt(long word, long next, int index, IdentityPlace place) =>
        Interlocked.CompareExchange(ref _word, next, word) == word
        && (Volatile.Read(ref _others) == 0 || ConfirmAt(next, index, place));

    private bool IsRetiredAt(long word) =>
        (word & HoldWord.Retired) != 0 || (Volatile.Read(ref _others) & RetiredUnderExclusive) != 0;

    /// <summary>Gives back a shared or Exclusive hold of which nobody has heard.</summary>
    internal void Undo(long word, int index, IdentityPlace place)
    {
        if (place == IdentityPlace.Word)
        {
            TryReleaseEmbedded(EmbeddedToken(word));
        }
        else
        {
            Release(index, place);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool Confirm(long token, long first) => first == HoldWord.Exclusive
        ? ConfirmAt(token, ConflictTable.ExclusiveIndex, IdentityPlace.Ticket)
        : ConfirmAt(token, HoldWord.EmbeddedIndex(token), IdentityPlace.Word);

    // Off the fast path: something is in _others. Only a domain that was retired under an Exclusive holder is too late to take.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool ConfirmAt(long word, int index, IdentityPlace place)
    {
        if ((Volatile.Read(ref _others) & RetiredUnderExclusive) == 0)
        {
            return true;
        }

        Undo(word, index, place);
        return false;
    }
}
