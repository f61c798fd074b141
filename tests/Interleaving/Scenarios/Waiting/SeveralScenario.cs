using FastBuffers.Interleaving.Engine;

namespace FastBuffers.Interleaving.Scenarios.Waiting;

/// <summary>
/// One thread that tries once to take several holds of a domain, and one that takes something which may be in their way, and then does
/// what even a part of them would be in the way of. Checked: if the several were refused, the other one never was; so what was not granted
/// was not there for an instant either.
/// </summary>
/// <param name="program">
/// A letter for the several: h Write on both halves; w Read and Immutable on the whole; z Read on no bytes, and Write on the right half; m Read
/// on the whole, and Write on the right half. Then |, and the steps of the other thread: L Read on the left half, before all else; i takes
/// Immutable on the right half, W Write on the whole; e ends that; x upgrades it to Exclusive; u upgrades the left half to Immutable; f freezes;
/// c closes if nobody holds anything; s resizes.
/// </param>
/// <param name="isEntered">Whether parts were held before.</param>
internal sealed class SeveralScenario(string program, bool isEntered) : Scenario
{
    private const int TicketsPerThread = 5;
    private const int Length = 8;

    private readonly HoldToken[] _holds = new HoldToken[2];
    private ProbeDomain _domain = null!;
    private ProbeWaiter _waiter = null!;
    private HoldRequestPart[] _parts = [];
    private bool _ended;
    private bool _wasRefused;

    public override int Threads => 2;

    public override string Name => $"{program} ({(isEntered ? "entered" : "idle")})";

    public override IEnumerable<Type> StatefulTypes => [typeof(TicketCache), typeof(IdentitySeed), typeof(HoldDiagnostics), typeof(BiasSwitch)];

    public override void PrepareThread(int thread)
    {
        // With an empty cache the first rent would read all slots of the depot.
        for (int i = 0; i < TicketsPerThread; i++)
        {
            var ticket = new Ticket();
            ticket.IsAlive(0);
            GC.SuppressFinalize(ticket);
            Untracked(() => TicketCache.Return(ticket));
        }
    }

    public override void Setup()
    {
        _domain = new ProbeDomain(Length);
        LabelTouched(
            () => _ = (_domain.ByteLength, _domain.Size, _domain.Tracker.Word, _domain.Tracker.EmptyHolds, _domain.IsGuarded),
            "length", "size", "word", "others", "guarded");
        Label(ref ProbeDomain.OwnTicket(_domain), "own ticket");
        var own = new Ticket(_domain, IdentityPlace.OwnTicket);
        own.IsAlive(0);
        GC.SuppressFinalize(own);
        ProbeDomain.OwnTicket(_domain) = own;
        LabelLock(ref TableProbe.Sequence(_domain.Tracker.RangesOf(_domain)), "table lock");
        if (isEntered)
        {
            Take(HoldKind.Read, 0, 1).EndOnce();
        }

        _holds[0] = program.Contains('L', StringComparison.Ordinal) ? Take(HoldKind.Read, 0, Length / 2) : default;
        _holds[1] = default;
        _parts = program[0] switch
        {
            'h' => [Part(HoldKind.Write, 0, Length / 2), Part(HoldKind.Write, Length / 2, Length)],
            'w' => [Whole(HoldKind.Read), Whole(HoldKind.Immutable)],
            'z' => [Part(HoldKind.Read, 1, 1), Part(HoldKind.Write, Length / 2, Length)],
            _ => [Whole(HoldKind.Read), Part(HoldKind.Write, Length / 2, Length)],
        };
        _waiter = new ProbeWaiter();
        _waiter.Begin(_domain, _parts, FrozenTime.Instance);
        _ended = _wasRefused = false;
    }

    public override void Run(int thread)
    {
        if (thread == 0)
        {
            _ended = _waiter.TryEnd();
            return;
        }

        foreach (char step in program.AsSpan(2))
        {
            _wasRefused |= !TryDo(step);
        }
    }

    public override void AddGhost(ref StateHash state) =>
        state.Add((_ended ? 1 : 0) | (_wasRefused ? 2 : 0) | (_waiter.Tokens is null ? 0 : 4) | (_waiter.Failure is null ? 0 : 8) | (_holds[1].IsDefault ? 0 : 16));

    public override void CheckEnd()
    {
        HoldToken[]? tokens = _waiter.Tokens;
        Require(tokens is not null || !_wasRefused, "A call was refused because of a part of what was not granted.");
        Require(_ended == (tokens is not null || _waiter.Failure is not null), "An attempt says something else than it did.");
        Require(tokens is null || tokens.Length == _parts.Length, "Not all were granted.");
        Witness(tokens is not null ? "granted" : "refused");
        foreach (HoldToken token in (tokens ?? []).Concat(_holds))
        {
            Require(token.IsDefault || token.EndOnce(), "A hold had ended.");
        }

        Require(_domain.Tracker is { EmptyHolds: 0, Ranges.IsEmpty: true } && !HoldWord.HasHolds(_domain.Tracker.Word), "Something is left.");
    }

    private static HoldRequestPart Whole(HoldKind kind) => new(ConflictTable.Index(kind), RangeRequest.Whole);

    private HoldRequestPart Part(HoldKind kind, long start, long end) => new(ConflictTable.Index(kind), new(start, end, _domain.Size));

    private HoldToken Take(HoldKind kind, long start, long end) =>
        _domain.TakeRange(ConflictTable.Index(kind), new(start, end, 0), scoped: false, conflictThrows: false);

    // False for a refusal. What needs a hold that was refused is left out.
    private bool TryDo(char step)
    {
        switch (step)
        {
            case 'i':
                _holds[1] = Take(HoldKind.Immutable, Length / 2, Length);
                return !_holds[1].IsDefault;
            case 'W':
                _holds[1] = _domain.TakeToken(HoldKind.Write, conflictThrows: false);
                return !_holds[1].IsDefault;
            case 'e':
                _holds[1].EndOnce();
                _holds[1] = default;
                return true;
            case 'x':
                return _holds[1].IsDefault || TryUpgrade(ref _holds[1], HoldKind.Exclusive);
            case 'u':
                return TryUpgrade(ref _holds[0], HoldKind.Immutable);
            case 'c':
                return _domain.TryCloseIdle();
            case 'L':
                return true;
            default:
                return TryDoAsOwner(step);
        }
    }

    private bool TryDoAsOwner(char step)
    {
        try
        {
            if (step == 'f')
            {
                _domain.FreezeCore();
                return true;
            }

            _domain.BeginResize(default, 2 * Length);
            _domain.EndResize(default, 2 * Length, resized: true);
            return true;
        }
        catch (BufferConflictException)
        {
            return false;
        }
    }

    private static bool TryUpgrade(ref HoldToken hold, HoldKind kind)
    {
        bool upgraded = hold.TryUpgrade(kind, out HoldToken next);
        hold = upgraded ? next : hold;
        return upgraded;
    }
}
