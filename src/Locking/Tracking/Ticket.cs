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
internal sealed partial class Ticket
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

    /// <summary>A ticket that stays with its domain.</summary>
    internal Ticket(HoldDomain domain, IdentityPlace place)
    {
        _place = place;
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

    /// <summary>Whether the ticket stays with a domain that is rented out.</summary>
    internal bool IsRental => _place == IdentityPlace.Rental;

    /// <summary>Whether an ended ticket that stays with its domain can be made active again: it is neither worn nor kept for a report.</summary>
    internal bool CanBeRented => !_special && Volatile.Read(ref _state) > 0;

    /// <summary>Whether the hold has no bytes, and is counted apart from the word.</summary>
    internal bool IsEmpty => _extent.Form == HoldForm.Empty;

    /// <summary>Where the hold was taken and released, when it is traced.</summary>
    internal HoldTrace? Trace { get; private set; }

    /// <summary>
    /// What goes with this hold alone: the manager behind its Memory, which the layer above makes on demand; an appender's frontier.
    /// </summary>
    internal object? Companion;

    /// <summary>Whether a token is that of a Write or Exclusive hold, whose indices are the odd ones.</summary>
    internal static bool IsWritable(long token) => (token & 1) != 0;

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

    /// <summary>Records where the hold was taken, also if the holds of its domain are not traced. For the holder, before anybody else has it.</summary>
    internal void TraceBirth(HoldKind kind)
    {
        Disown();
        if (Trace is null)
        {
            Trace = Domain!.Traces?.Add(kind, HoldExtent.Whole) ?? new HoldTrace(kind, HoldExtent.Whole, TimeProvider.System.GetTimestamp());
            _special = true;
        }
    }

    /// <summary>Makes the own ticket of a domain the identity of a hold that was just taken.</summary>
    internal HoldToken ActivateOwn(int index)
    {
        long token = NextToken(Volatile.Read(ref _state), index);
        Volatile.Write(ref _state, token);
        return new HoldToken(this, token);
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

    // Whether a state is that of the live hold with this token. A torn copy may bring a token that a word embeds, which has no tag.
    private static bool IsOf(long state, long token) => ((state ^ token) & ~Ignored) == 0;

    private static long NextToken(long state, int index) => ((state & ~(IdOne - 1)) + IdOne) | HoldWord.TicketTag | (long)index;
}
