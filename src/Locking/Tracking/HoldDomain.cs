using System.Runtime.CompilerServices;

namespace FastBuffers.Locking;

/// <summary>
/// Bytes with one tracker: every hold on them is taken here. Base of <see cref="HoldTracker"/> and of regions; not for inheritance
/// elsewhere. Thread-safe.
/// </summary>
public abstract partial class HoldDomain
{
    /// <summary>The state machine. Public operations of derived types call its fast paths directly.</summary>
    internal Tracker Tracker;

    private readonly HoldCapabilities _supported;
    private long _length;
    private Ticket? _ownTicket;

    internal HoldDomain(long length, HoldCapabilities supported, bool traced)
    {
        _length = length;
        _supported = supported;
        IsTraced = traced;
        Tracker = new Tracker(NeedsChecks);
    }

    /// <summary>Whether each hold records the stack that took it.</summary>
    internal bool IsTraced { get; }

    /// <summary>Whether the domain itself was found unreachable before it was closed.</summary>
    internal bool IsLost { get; set; }

    internal long ByteLength => Volatile.Read(ref _length);

    /// <summary>The kinds that may be asked for now.</summary>
    internal HoldCapabilities SupportedKinds => IsFrozen ? HoldCapabilities.Read | HoldCapabilities.Immutable : _supported;

    /// <summary>Whether what the domain guards has been freed, or is being freed now.</summary>
    internal bool IsClosed => (Tracker.Word & HoldWord.Closed) != 0;

    internal bool IsFrozen => (Tracker.Word & HoldWord.Frozen) != 0;

    private bool NeedsChecks => IsTraced || _length == 0 || (_supported & HoldErrors.AllKinds) != HoldErrors.AllKinds;

    /// <summary>The holds now: advisory, out of date as soon as it is read.</summary>
    /// <returns>Counts by kind and flags. The fields are read one after the other, not as one instant.</returns>
    public HoldSnapshot Snapshot() => SnapshotOf(Tracker.Word);

    /// <summary>Names the domain in messages.</summary>
    internal abstract string Describe();

    /// <summary>Called once, after the domain was retired and its last hold has ended.</summary>
    internal virtual void OnClosed()
    {
    }

    /// <summary>What a release does besides leaving the word: the last one of a retired domain closes it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void AfterRelease()
    {
        if (Tracker.HasOthers)
        {
            CloseIfUnheld();
        }
    }

    /// <summary>Ends a hold whose ticket was released.</summary>
    internal void EndTicketed(int index, IdentityPlace place)
    {
        if (index == ConflictTable.ExclusiveIndex)
        {
            Tracker.ReleaseExclusive(place);
        }
        else
        {
            Tracker.ReleaseShared(index, place);
        }

        AfterRelease();
    }

    /// <summary>Ends a zero-length hold whose ticket was released.</summary>
    internal void EndEmpty()
    {
        Tracker.ReleaseEmpty();
        AfterRelease();
    }

    internal HoldSnapshot SnapshotOf(long word) => new()
    {
        Readers = HoldWord.Count(word, ConflictTable.ReadIndex),
        Writers = HoldWord.Count(word, ConflictTable.WriteIndex),
        Immutables = HoldWord.Count(word, ConflictTable.ImmutableIndex),
        RangedHolds = Tracker.EmptyHolds,
        IsExclusive = (word & HoldWord.Exclusive) != 0,
        IsFrozen = (word & HoldWord.Frozen) != 0,
        IsRetired = Tracker.IsRetired,
    };

    private bool CloseIfUnheld()
    {
        if (!Tracker.TryClose())
        {
            return false;
        }

        OnClosed();
        return true;
    }
}
