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

    // How often the length was changed.
    private int _size;

    // So that the slots are there before what looks for one is compiled: else every look would first ask whether they are.
    static HoldDomain() => RuntimeHelpers.RunClassConstructor(typeof(ReaderSlots).TypeHandle);

    internal HoldDomain(long length, HoldCapabilities supported, bool traced)
    {
        _length = length;
        _supported = supported;
        Traces = traced ? new HoldTraces() : null;
        Tracker = new Tracker(NeedsChecks);
        if (traced)
        {
            TracedDomains.Add(this);
        }
    }

    /// <summary>What is recorded of each hold, or null when nothing is.</summary>
    internal HoldTraces? Traces { get; }

    /// <summary>Whether each hold records the stack that took it.</summary>
    internal bool IsTraced => Traces is not null;

    /// <summary>Whether the domain itself was found unreachable before it was closed.</summary>
    internal bool IsLost { get; set; }

    internal long ByteLength => Volatile.Read(ref _length);

    /// <summary>A number for the length there is now. Read it before <see cref="ByteLength"/>: then it is not a later one's.</summary>
    internal int Size => Volatile.Read(ref _size);

    /// <summary>The kinds that may be asked for now.</summary>
    internal HoldCapabilities SupportedKinds => IsFrozen ? HoldCapabilities.Read | HoldCapabilities.Immutable : _supported;

    /// <summary>Whether what the domain guards has been freed, or is being freed now.</summary>
    internal bool IsClosed => (Tracker.Word & HoldWord.Closed) != 0;

    internal bool IsFrozen => (Tracker.Word & HoldWord.Frozen) != 0;

    private bool NeedsChecks => IsTraced || _length == 0 || (_supported & ConflictTable.AllKinds) != ConflictTable.AllKinds;

    /// <summary>The holds now: advisory, out of date as soon as it is read.</summary>
    /// <returns>Counts by kind and flags. The fields are read one after the other, not as one instant.</returns>
    public HoldSnapshot Snapshot()
    {
        HoldSnapshot snapshot = SnapshotOf(Tracker.Word);
        (int reads, int immutables) = (snapshot.Readers, snapshot.Immutables);
        Tracker.CountReaders(ref reads, ref immutables);
        return snapshot with { Readers = reads, Immutables = immutables };
    }

    /// <summary>Who holds what: one entry per hold. Advisory: out of date as soon as it is read.</summary>
    /// <returns>
    /// With tracing, kind, range, age and stack of each hold, in the order in which they were taken. Without, whole-domain holds, then
    /// those on parts, then those on no bytes, whose kind and place nobody has recorded (<see cref="HoldKind.None"/>).
    /// </returns>
    public IReadOnlyList<HoldInfo> GetHolds() => Traces?.ToList(this) ?? ListHolds();

    /// <summary>Whether the length is still the one with this number. To be relied on, a hold has to keep it from changing.</summary>
    internal bool HasSize(long size) => Volatile.Read(ref _size) == size;

    /// <summary>Names the domain in messages.</summary>
    internal abstract string Describe();

    /// <summary>Called once, after the domain was retired and its last hold has ended.</summary>
    internal virtual void OnClosed()
    {
    }

    /// <summary>
    /// Called when the rental of a domain ends with the hold that began it, and nothing but that happened to it: it can be rented again as it is.
    /// </summary>
    internal virtual void OnRentalEnded()
    {
    }

    /// <summary>What a release does besides leaving the word: the last one of a retired domain closes it, and waiters get the room.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void AfterRelease()
    {
        if (Tracker.HasOthers)
        {
            AfterReleaseSlow();
        }
    }

    /// <summary>Called when a hold was found to be lost, which ends after two more gen-2 collections.</summary>
    internal virtual void OnHoldLost(HoldKind kind, HoldTrace? trace)
    {
    }

    /// <summary>Called before a hold ends that was lost. A domain that was lost as a whole has been reported already.</summary>
    internal virtual void OnLostHoldEnds(HoldKind kind, HoldTrace? trace)
    {
        if (!IsLost)
        {
            HoldDiagnostics.ReportLostHold(this, kind, trace);
        }
    }

    /// <summary>Called when a hold was released that had been released before.</summary>
    internal virtual void OnDoubleRelease()
    {
    }

    /// <summary>Ends a hold whose ticket was released.</summary>
    internal void EndTicketed(int index, IdentityPlace place)
    {
        if (index == ConflictTable.ExclusiveIndex)
        {
            if (place == IdentityPlace.Rental && Tracker.IsPlainRental)
            {
                OnRentalEnded();
                return;
            }

            Tracker.ReleaseExclusive(place);
        }
        else
        {
            Tracker.ReleaseShared(index, place);
        }

        AfterRelease();
    }

    /// <summary>Ends a hold on a part whose ticket was released.</summary>
    internal void EndPart(in HoldExtent extent)
    {
        RangeSlot slot = extent.Slot!;
        slot.Table.RemoveUnderLock(slot);
        if (Tracker.HasOthers)
        {
            AfterReleaseOf(extent.Start, extent.Start + extent.Length);
        }
    }

    /// <summary>Ends the appender, whose ticket was released.</summary>
    internal void EndAppend()
    {
        Tracker.EndAppend(Tracker.Ranges!);
        AfterRelease();
    }

    /// <summary>Gives a ticket away whose hold went on as others.</summary>
    internal void EndMoved(IdentityPlace place)
    {
        if (place == IdentityPlace.OwnTicket)
        {
            Tracker.ReleaseOwnTicket();
        }
    }

    /// <summary>Ends a zero-length hold whose ticket was released.</summary>
    internal void EndEmpty()
    {
        // Nobody waits for the end of a hold on no bytes.
        Tracker.ReleaseEmpty();
        if (Tracker.HasOthers)
        {
            AfterReleaseOf(0, 0);
        }
    }

    internal HoldSnapshot SnapshotOf(long word) => new()
    {
        Readers = HoldWord.Count(word, ConflictTable.ReadIndex),
        Writers = HoldWord.Count(word, ConflictTable.WriteIndex),
        Immutables = HoldWord.Count(word, ConflictTable.ImmutableIndex),
        Waiters = Tracker.IsWaitedFor ? WaitTable.Count(this) : 0,
        RangedHolds = Tracker.EmptyHolds + (Tracker.Ranges?.Holds ?? 0),
        IsExclusive = (word & HoldWord.Exclusive) != 0,
        IsFrozen = (word & HoldWord.Frozen) != 0,
        IsRetired = Tracker.IsRetired,
    };

    private List<HoldInfo> ListHolds()
    {
        HoldSnapshot now = Snapshot();
        List<HoldInfo> holds = [];
        for (int index = 0; index < ConflictTable.KindCount; index++)
        {
            int count = ConflictTable.Kind(index) switch
            {
                HoldKind.Read => now.Readers,
                HoldKind.Write => now.Writers,
                HoldKind.Immutable => now.Immutables,
                _ => now.IsExclusive ? 1 : 0,
            };
            holds.AddRange(Enumerable.Repeat(new HoldInfo { Kind = ConflictTable.Kind(index), Length = ByteLength }, count));
        }

        foreach (RangeEntry part in ListParts())
        {
            holds.Add(part.ToInfo());
        }

        holds.AddRange(Enumerable.Repeat(default(HoldInfo), Tracker.EmptyHolds));
        return holds;
    }

    // Closes a retired domain once nothing is held. True for the call that did it.
    private bool TryCloseRetired()
    {
        if (!Tracker.TryClose())
        {
            return false;
        }

        OnClosed();
        return true;
    }
}
