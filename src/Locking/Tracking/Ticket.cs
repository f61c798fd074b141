using System.Runtime.CompilerServices;

namespace FastBuffers.Locking;

/// <summary>
/// The identity of one hold that the word does not embed: made active when the hold is taken, released exactly once, reused.
/// </summary>
/// <remarks>
/// <para>The state, from the lowest bit: the kind's index (2), Released (1), Changing (1), uses (7), a tag that is always set (and never
/// in a token that the word embeds), id (52). A token carries id and kind; it is alive while both agree with the state and Released is
/// not set. The id rises each time the ticket becomes active or its hold changes kind; a ticket that has used up half of its ids is not
/// reused.</para>
/// <para><b>Uses</b> put the end of the hold off: a release while uses are out only marks the state, and the last use to end
/// finishes it. Open scopes and pins of an Exclusive hold are uses, and so is, for an instant, every step that needs the hold to
/// stay while it changes the word.</para>
/// <para>A ticket that is collected while active belongs to a hold that was lost. Its finalizer ends the hold, after two gen-2
/// collections: until then a span of it may still be on a stack.</para>
/// </remarks>
internal sealed class Ticket
{
    internal const int IdBits = 52;

    private const long KindMask = 3;
    private const long Released = 1L << 2;
    private const long Changing = 1L << 3;
    private const int UseShift = 4;
    private const long UseOne = 1L << UseShift;
    private const int IdShift = 64 - IdBits;
    private const long IdOne = 1L << IdShift;

    // The lower quarter of the ids: the sign says that half of them are used up.
    private const long FirstIds = (1L << 62) - IdOne;
    private const long UseMask = HoldWord.TicketTag - UseOne;

    // What may differ between the token of a live hold and the state.
    private const long Ignored = UseMask | Changing;

    private readonly IdentityPlace _place;
    private long _state = (IdentitySeed.Next() & FirstIds) | HoldWord.TicketTag | Released;
    private HoldDomain? _domain;

    // Set when the end of the hold takes more than the plain one: see FinishSpecially.
    private bool _special;
    private int _lostSince;
    private HoldExtent _extent = HoldExtent.Whole;

    /// <summary>A ticket for the cache.</summary>
    internal Ticket() => _place = IdentityPlace.Ticket;

    /// <summary>The own ticket of a domain, which stays with it.</summary>
    internal Ticket(HoldDomain domain)
    {
        _place = IdentityPlace.OwnTicket;
        Domain = domain;
    }

    /// <summary>The domain of the hold. Read it before <see cref="IsAlive"/>: it is set before the ticket becomes active.</summary>
    internal HoldDomain? Domain
    {
        get => Volatile.Read(ref _domain);
        private set => _domain = value;
    }

    /// <summary>The Exclusive hold that this ticket is a use of, or null when it is a hold.</summary>
    internal Ticket? UseOf { get; private set; }

    /// <summary>Where the bytes are. Read it before <see cref="IsAlive"/>, like <see cref="Domain"/>.</summary>
    internal ref readonly HoldExtent Extent => ref _extent;

    /// <summary>Whether the hold has no bytes, and is counted apart from the word.</summary>
    internal bool IsEmpty => _extent.Form == HoldForm.Empty;

    /// <summary>Where the hold was taken and released, when it is traced.</summary>
    internal HoldTrace? Trace { get; private set; }

    /// <summary>What the layer above made for this hold on demand (the manager behind its Memory).</summary>
    internal object? Companion;

    internal static HoldKind KindOf(long token) => ConflictTable.Kind((int)(token & KindMask));

    /// <summary>Makes a ticket from the cache the identity of a hold that was just taken.</summary>
    internal HoldToken Activate(HoldDomain domain, int index)
    {
        Domain = domain;
        return ActivateOwn(index);
    }

    /// <summary>The same for a hold that need not be on the whole domain, and may be traced.</summary>
    internal HoldToken Activate(HoldDomain domain, int index, in HoldExtent extent)
    {
        if (extent.Form != HoldForm.Whole)
        {
            _extent = extent;
            _special = true;
        }

        if (domain.Traces is { } traces && extent.Form != HoldForm.Use)
        {
            Trace = traces.Add(ConflictTable.Kind(index), extent);
            _special = true;
        }

        return Activate(domain, index);
    }

    /// <summary>Makes the own ticket of a domain the identity of a hold that was just taken.</summary>
    internal HoldToken ActivateOwn(int index)
    {
        long token = NextToken(Volatile.Read(ref _state), index);
        Volatile.Write(ref _state, token);
        return new HoldToken(this, token);
    }

    /// <summary>Makes a ticket from the cache the identity of a use of an Exclusive hold, which the caller keeps from ending.</summary>
    internal HoldToken ActivateUse(Ticket hold, HoldDomain domain)
    {
        UseOf = hold;
        return Activate(domain, ConflictTable.ExclusiveIndex, hold.Extent with { Form = HoldForm.Use });
    }

    internal bool IsAlive(long token) => IsOf(Volatile.Read(ref _state), token);

    /// <summary>The domain and the bytes of a live hold; null when it has ended.</summary>
    internal HoldDomain? Locate(long token, out HoldExtent extent)
    {
        HoldDomain? domain = Domain;
        extent = _extent;
        Volatile.ReadBarrier();
        return IsAlive(token) ? domain : null;
    }

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

    /// <summary>Keeps the hold from ending until <see cref="EndUse"/>; false when it had ended before.</summary>
    /// <exception cref="BufferException">127 uses are out.</exception>
    internal bool TryUse(long token)
    {
        while (true)
        {
            long state = Volatile.Read(ref _state);
            if (!IsOf(state, token))
            {
                return false;
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

    /// <summary>
    /// Keeps the hold, and its kind, for one that tries to change it: <see cref="TryRenew"/>, <see cref="TryMove"/> or
    /// <see cref="EndChange"/> must follow. Copies of one token that are changed by two threads at once are a mistake, which the second
    /// of them hears of; of an Exclusive hold there must be no use.
    /// </summary>
    internal TakeStatus TryBeginChange(long token)
    {
        while (true)
        {
            long state = Volatile.Read(ref _state);
            if (!IsOf(state, token))
            {
                return TakeStatus.Released;
            }

            if ((state & Changing) != 0)
            {
                return TakeStatus.Raced;
            }

            if ((token & KindMask) == ConflictTable.ExclusiveIndex && (state & UseMask) != 0)
            {
                return TakeStatus.Conflict;
            }

            if (Interlocked.CompareExchange(ref _state, state + Changing + UseOne, state) == state)
            {
                return TakeStatus.Taken;
            }
        }
    }

    /// <summary>Ends a change that was refused.</summary>
    internal void EndChange() => End(UseOne + Changing);

    /// <summary>
    /// Consumes a hold to make it one of another kind: the old token ends at once; <see cref="EndUse"/> makes the change final. The
    /// new token must not be handed out before that. An Exclusive hold must not be used by anybody but the caller.
    /// </summary>
    /// <param name="token">The hold.</param>
    /// <param name="newIndex">The kind to become.</param>
    /// <param name="inUse">Whether the caller has a use of the hold; it has one afterwards in any case.</param>
    /// <param name="converted">The new token.</param>
    internal TakeStatus TryConsume(long token, int newIndex, bool inUse, out HoldToken converted)
    {
        bool exclusive = (token & KindMask) == ConflictTable.ExclusiveIndex;
        while (true)
        {
            converted = default;
            long state = Volatile.Read(ref _state);
            if (!IsOf(state, token))
            {
                return TakeStatus.Released;
            }

            if ((state & Changing) != 0)
            {
                return TakeStatus.Raced;
            }

            if (exclusive && (state & UseMask) != (inUse ? UseOne : 0))
            {
                return TakeStatus.Conflict;
            }

            // The uses of a shared hold are the instants in which somebody shares it.
            long next = NextToken(state, newIndex);
            if (Interlocked.CompareExchange(ref _state, next + (state & UseMask) + (inUse ? 0 : UseOne), state) == state)
            {
                converted = new HoldToken(this, next);
                NoteKind(newIndex);
                return TakeStatus.Taken;
            }
        }
    }

    /// <summary>
    /// Gives a hold in <see cref="TryBeginChange"/>, whose kind the caller has changed in the word, the new kind, and ends the change.
    /// False when the old token was released meanwhile: then the hold ends as the new kind.
    /// </summary>
    internal bool TryRenew(int newIndex, out HoldToken renewed)
    {
        while (true)
        {
            long state = Volatile.Read(ref _state);
            bool released = (state & Released) != 0;
            long next = released ? (state & ~KindMask) | (long)newIndex : NextToken(state, newIndex) | ((state & UseMask) - UseOne);
            if (Interlocked.CompareExchange(ref _state, next, state) == state)
            {
                renewed = released ? default : new HoldToken(this, next & ~UseMask);
                NoteKind(newIndex);
                if (released)
                {
                    EndChange();
                }

                return !released;
            }
        }
    }

    /// <summary>
    /// Ends a hold in <see cref="TryBeginChange"/> whose bytes the caller has given to others, and the change. False when it was
    /// released meanwhile: then those others have to end.
    /// </summary>
    internal bool TryMove(long token)
    {
        _extent = _extent with { Form = HoldForm.Moved };
        _special = true;
        bool moved = TryRelease(token);
        EndChange();
        return moved;
    }

    /// <summary>Moves a whole-domain hold between the word and the count of zero-length ones, when a resize through it crosses zero.</summary>
    internal void SetEmpty(bool empty)
    {
        _extent = HoldExtent.Whole with { Form = empty ? HoldForm.Empty : HoldForm.Whole };
        _special = true;
    }

    ~Ticket()
    {
        if ((_state & Released) == 0)
        {
            Recover();
        }
    }

    // Whether a state is that of the live hold with this token. A torn copy may bring a token that a word embeds, which has no tag.
    private static bool IsOf(long state, long token) => ((state ^ token) & ~Ignored) == 0;

    private static long NextToken(long state, int index) => ((state & ~(IdOne - 1)) + IdOne) | HoldWord.TicketTag | (long)index;

    private void NoteKind(int index)
    {
        if (_special && Trace is { } trace)
        {
            trace.Kind = ConflictTable.Kind(index);
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
            // The flag in the word that gives this ticket away falls with the hold, so that nothing may be touched here afterwards.
            domain.EndTicketed((int)(state & KindMask), IdentityPlace.OwnTicket);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void FinishSpecially(long state)
    {
        // A ticket that has used up half of its ids is not reused, nor is its flag in the word cleared: ids that came back would make
        // old tokens valid again. The other half is for conversions of the hold that has it.
        bool worn = state < 0;
        bool reusable = Trace is null && !worn;
        IdentityPlace place = worn ? IdentityPlace.Ticket : _place;
        HoldDomain domain = Domain!;
        Ticket? useOf = UseOf;
        HoldExtent extent = _extent;
        if (Trace is not null)
        {
            domain.Traces!.Remove(Trace);
        }

        if (reusable)
        {
            UseOf = null;
            Companion = null;
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
                domain.EndPart(extent.Slot!);
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
        if (!Quarantine.IsOver(ref _lostSince, out _))
        {
            GC.ReRegisterForFinalize(this);
            return;
        }

        // A domain that was lost as a whole has been reported already, and frees itself.
        if (!Domain!.IsLost)
        {
            HoldDiagnostics.ReportLostHold(Domain, KindOf(_state), Trace);
        }

        // It goes back to the cache, and must be found again when it is lost again.
        _lostSince = Quarantine.None;
        GC.ReRegisterForFinalize(this);
        TryRelease(_state & ~Ignored);
    }
}
