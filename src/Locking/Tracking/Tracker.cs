using System.Runtime.CompilerServices;

namespace FastBuffers.Locking;

/// <summary>
/// The state machine of one domain: who holds the whole of it, whether it is frozen, retired or closed. Lock-free; every
/// transition is one CAS on <see cref="_word"/>, except that an Exclusive hold leaves by a plain store.
/// </summary>
/// <remarks>
/// <para><b>Why the plain store is sound.</b> While Exclusive is set, nobody else changes the word: every other transition refuses
/// first. What others have to tell the holder (retired; zero-length holds) is in <see cref="_others"/>. The holder stores the word,
/// then reads that field; <see cref="Retire"/> sets the field, issues a process-wide barrier if it sees Exclusive, then reads the
/// word again: one of the two sees the other (an asymmetric Dekker pair), so that the last hold is always noticed by somebody.</para>
/// <para><b>Why a take looks at <see cref="_others"/> last.</b> A take that began before <see cref="Retire"/> may win its CAS
/// afterwards. It then sees the flag (the CAS is a full fence) and undoes itself, and nothing is taken after Retire has returned.</para>
/// </remarks>
internal partial struct Tracker
{
    private const long Retired = 1L << 0;
    private const long Resizing = 1L << 1;
    private const int EmptyShift = 8;
    private const long EmptyOne = 1L << EmptyShift;

    private long _word;

    // Retired and Resizing flags, and the number of zero-length holds, which conflict with nothing and so need no place in the word.
    private long _others;

    // The version of the embedded holder that was there when the word became wide and lost its version; see Widen.
    private long _embeddedAtWidening;

    internal Tracker(bool isChecked) => _word = isChecked ? HoldWord.Checked : 0;

    /// <summary>The word now.</summary>
    internal long Word => Volatile.Read(ref _word);

    /// <summary>Whether new holds are refused.</summary>
    internal bool IsRetired => (Volatile.Read(ref _others) & Retired) != 0 || (Volatile.Read(ref _word) & HoldWord.Closed) != 0;

    /// <summary>Whether a release has more to do than to leave the word: see <see cref="TryClose"/>.</summary>
    internal bool HasOthers => Volatile.Read(ref _others) != 0;

    /// <summary>The number of zero-length holds.</summary>
    internal int EmptyHolds => (int)(Volatile.Read(ref _others) >> EmptyShift);

    /// <summary>
    /// The fast path: takes an idle, narrow, unchecked word for its first holder. <paramref name="first"/> is what that holder adds.
    /// A false answer says nothing; the general path decides.
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
        return ((word ^ token) & HoldWord.IdentityMask) == 0 || IsEmbeddedInWide(word, token);
    }

    /// <summary>Takes what makes the given word the next one, unless it has changed. A false answer says nothing.</summary>
    internal bool TryTakeAt(long word, long next, int index, IdentityPlace place) =>
        Interlocked.CompareExchange(ref _word, next, word) == word
        && (Volatile.Read(ref _others) == 0 || ConfirmShared(next, index, place));

    // Off the fast path: something is in _others. Zero-length holds do not matter; being retired does.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool Confirm(long token, long first)
    {
        if ((Volatile.Read(ref _others) & Retired) == 0)
        {
            return true;
        }

        _ = first == HoldWord.Exclusive ? TryReleaseScopedExclusive(token) : TryReleaseEmbedded(token);
        return false;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool ConfirmShared(long word, int index, IdentityPlace place)
    {
        if ((Volatile.Read(ref _others) & Retired) == 0)
        {
            return true;
        }

        Undo(word, index, place);
        return false;
    }
}
