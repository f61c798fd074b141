namespace FastBuffers.Locking;

// Retiring, closing, freezing and resizing.
public abstract partial class HoldDomain
{
    /// <summary>Refuses new holds; closes now or at the last release. True for the call that did it.</summary>
    internal bool RetireCore(out bool held)
    {
        bool retired = Tracker.Retire();
        bool closed = TryCloseRetired();
        DismissWaiters();
        long word = Tracker.Word;
        held = retired && !closed && (word & HoldWord.Closed) == 0 && !HoldWord.IsOwners(word);
        return retired;
    }

    /// <summary>Retires and closes if nothing is held, else changes nothing. True when this call closed it.</summary>
    internal bool TryCloseIdle()
    {
        TakeStatus status = Tracker.TryRetireIdle(ByteLength == 0, out long word);
        if (status == TakeStatus.Taken)
        {
            TryCloseRetired();
            DismissWaiters();
            return true;
        }

        return status == TakeStatus.Conflict ? false : throw HoldErrors.For(status, this, HoldKind.Exclusive, word);
    }

    /// <summary>Freezes without a hold.</summary>
    internal void FreezeCore()
    {
        TakeStatus status = Tracker.TryFreeze(out long word);
        if (status != TakeStatus.Taken)
        {
            throw HoldErrors.For(status, this, HoldKind.Immutable, word);
        }

        DismissWaiters();
    }

    /// <summary>
    /// Shuts everybody out to change the length: nothing may be held, or only the given Exclusive hold (<c>default</c> for none), of
    /// which the caller has a use. <see cref="EndResize"/> must follow.
    /// </summary>
    internal void BeginResize(HoldToken holder, long newLength)
    {
        bool takes = holder.IsDefault || holder.IsEmpty;
        long word = Tracker.Word;
        if (Size == int.MaxValue)
        {
            throw HoldErrors.TooManySizes(this);
        }

        int own = holder.IsEmpty ? 1 : 0;
        TakeStatus status = takes ? Tracker.TryTakeForOwner(own, out word) : TakeStatus.Taken;
        if (status == TakeStatus.Taken && Tracker.TryBeginResize(own))
        {
            return;
        }

        if (takes && status == TakeStatus.Taken)
        {
            Tracker.ReleaseForOwner();
            AfterRelease();
        }

        if (Tracker.IsRetired)
        {
            throw HoldErrors.Retired(this);
        }

        throw HoldErrors.ResizeRefused(this, newLength, word & ~(HoldWord.IsOwners(word) ? HoldWord.OwnerExclusive : 0));
    }

    /// <summary>Lets everybody in again: at the given length if the domain was resized to it, else as if nothing had been begun.</summary>
    internal void EndResize(HoldToken holder, long newLength, bool resized)
    {
        int own = holder.IsEmpty ? 1 : 0;
        bool empty = newLength == 0 && !holder.IsDefault;
        if (resized)
        {
            Volatile.Write(ref _size, Size + 1);
            Volatile.Write(ref _length, newLength);
        }

        holder.Ticket?.SetEmpty(empty);
        Tracker.EndResize(NeedsChecks, own, empty ? 1 : 0);
        if (holder.IsDefault || empty)
        {
            Tracker.ReleaseForOwner();
        }

        // For zero-length holds in any case: the resize shut them out.
        DismissWaiters();
        AfterRelease();
    }
}
