using System.Runtime.CompilerServices;

namespace FastBuffers.Locking;

// The end of a hold: its release, the uses that put it off, and what becomes of a hold that was lost.
internal sealed partial class Ticket
{
    /// <summary>Ends the hold, now or when its last use ends; false when it had ended before.</summary>
    internal bool TryRelease(long token)
    {
        while (true)
        {
            long state = Volatile.Read(ref _state);
            if (!IsOf(state, token))
            {
                return false;
            }

            if (IsDisownedNow())
            {
                continue;
            }

            if (_special)
            {
                // What a later release of the same token reports; it may be lost to a race with that one.
                Trace?.OnRelease();
            }

            if (Interlocked.CompareExchange(ref _state, state | Released, state) == state)
            {
                if (state == token)
                {
                    Finish(state);
                }

                return true;
            }
        }
    }

    /// <summary>
    /// One attempt to end the rental that a rental ticket stands for, when nothing is special. False says nothing. After true, the caller does
    /// what <see cref="HoldDomain.EndTicketed"/> does.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool TryEndRental(long token) =>
        !_special
        && token > 0
        && Volatile.Read(ref _ownership) == 0
        && (token & KindMask) == ConflictTable.ExclusiveIndex
        && Interlocked.CompareExchange(ref _state, token | Released, token) == token;

    /// <summary>Keeps the hold from ending until <see cref="EndUse"/>; false when it had ended before.</summary>
    /// <exception cref="BufferException">
    /// 127 uses are out; or the hold is Exclusive and another thread is changing it, after which its bytes are those of others.
    /// </exception>
    internal bool TryUse(long token)
    {
        while (true)
        {
            long state = Volatile.Read(ref _state);
            if (!IsOf(state, token))
            {
                return false;
            }

            if (IsDisownedNow())
            {
                continue;
            }

            if ((state & Changing) != 0 && (token & KindMask) == ConflictTable.ExclusiveIndex)
            {
                throw HoldErrors.NotConsumed(TakeStatus.Raced, HoldKind.Exclusive, "A scope or pin", Domain);
            }

            if ((state & UseMask) == UseMask)
            {
                throw HoldErrors.TooManyUses((int)(UseMask >> UseShift));
            }

            if (Interlocked.CompareExchange(ref _state, state + UseOne, state) == state)
            {
                return true;
            }
        }
    }

    /// <summary>Ends a use, and with the last one a hold that was released meanwhile.</summary>
    internal void EndUse() => End(UseOne);

    /// <summary>Makes a ticket from the cache the identity of a use of an Exclusive hold, which the caller keeps from ending.</summary>
    internal HoldToken ActivateUse(Ticket hold, HoldDomain domain)
    {
        UseOf = hold;
        return Activate(domain, ConflictTable.ExclusiveIndex, hold.Extent with { Form = HoldForm.Use });
    }

    ~Ticket()
    {
        if ((_state & Released) == 0)
        {
            Recover();
        }
    }

    private void End(long use)
    {
        long state = Interlocked.Add(ref _state, -use);
        if ((state & (UseMask | Released)) == Released)
        {
            Finish(state);
        }
    }

    private void Finish(long state)
    {
        if (_special || state < 0)
        {
            FinishSpecially(state);
            return;
        }

        HoldDomain domain = Domain!;
        Companion = null;
        if (_place == IdentityPlace.Ticket)
        {
            domain.EndTicketed((int)(state & KindMask), IdentityPlace.Ticket);
            Domain = null;
            TicketCache.Return(this);
        }
        else
        {
            // What ends here gives this ticket away, so that nothing may be touched afterwards.
            domain.EndTicketed((int)(state & KindMask), _place);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void FinishSpecially(long state)
    {
        // A ticket that has used up half of its ids is not reused, nor is its flag in the word cleared: ids that came back would make
        // old tokens valid again. The other half is for conversions of the hold that has it. Nor is one reused whose trace a later release
        // reports: as the end of a ticket that is not the domain's own, that of a rental makes the domain get another one.
        bool worn = state < 0;
        HoldDomain domain = Domain!;
        bool reusable = (Trace is null || domain.Traces is null) && !worn;
        IdentityPlace place = reusable ? _place : IdentityPlace.Ticket;
        Ticket? useOf = UseOf;
        HoldExtent extent = _extent;
        if (Trace is not null)
        {
            domain.Traces?.Remove(Trace);
        }

        if (reusable)
        {
            UseOf = null;
            Companion = null;
            Trace = null;
            _extent = HoldExtent.Whole;
            _special = false;
        }

        switch (extent.Form)
        {
            case HoldForm.Whole:
                domain.EndTicketed((int)(state & KindMask), place);
                break;
            case HoldForm.Empty:
                domain.EndEmpty();
                break;
            case HoldForm.Part:
                domain.EndPart(extent);
                break;
            case HoldForm.Append:
                domain.EndAppend();
                break;
            case HoldForm.Use:
                useOf!.EndUse();
                break;
            case HoldForm.Moved:
                domain.EndMoved(place);
                break;
        }

        // A trace stays, for the report of a second release.
        if (reusable && _place == IdentityPlace.Ticket)
        {
            Domain = null;
            TicketCache.Return(this);
        }
    }

    private void Recover()
    {
        bool over = Quarantine.IsOver(ref _lostSince, out bool begins);
        if (begins)
        {
            Domain!.OnHoldLost(KindOf(_state), Trace);
        }

        if (!over)
        {
            GC.ReRegisterForFinalize(this);
            return;
        }

        Domain!.OnLostHoldEnds(KindOf(_state), Trace);

        // It goes back to the cache, and must be found again when it is lost again.
        _lostSince = Quarantine.None;
        GC.ReRegisterForFinalize(this);
        TryRelease(_state & ~Ignored);
    }
}
