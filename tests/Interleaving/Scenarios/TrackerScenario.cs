using System.Globalization;
using FastBuffers.Interleaving.Engine;

namespace FastBuffers.Interleaving.Scenarios;

/// <summary>
/// Two or three programs on one domain. Checked between any two steps: what the threads believe to hold obeys the conflict table, and the
/// domain is closed only when nobody holds anything. Checked at the end: some order of the calls explains every answer, no count is left,
/// and a retired domain was closed exactly once.
/// </summary>
/// <param name="programs">One a thread.</param>
/// <param name="reversed">Whether the holds of the start are taken last thread first, so that another one is the embedded one.</param>
/// <param name="releases">Whether each thread also releases what it holds after its operation, as a part of the schedule; if not, it is
/// released when all have finished.</param>
/// <param name="length">The length of the domain at the start.</param>
internal sealed class TrackerScenario(HoldProgram[] programs, bool reversed = false, bool releases = true, int length = 4096) : Scenario
{
    /// <summary>What an execution is a witness of in which the word became wide under an embedded hold.</summary>
    public const string EmbeddedInWide = "the word is wide and a hold is embedded in it";

    private const int TicketsPerThread = 5;

    private readonly CallHistory<ReferenceModel> _history = new();
    private readonly HoldToken[] _tokens = new HoldToken[8];
    private readonly Belief[] _beliefs = new Belief[8];
    private readonly Ticket[] _tickets = new Ticket[programs.Length * TicketsPerThread];
    private readonly HoldToken[] _copies = new HoldToken[4];
    private ProbeDomain _domain = null!;

    public override int Threads => programs.Length;

    public override string Name => string.Join(" | ", programs.Select(program => program.ToString())) + (reversed ? " (reversed)" : "") + (length == 0 ? " (empty)" : "");

    public override IEnumerable<Type> StatefulTypes => [typeof(TicketCache), typeof(IdentitySeed), typeof(HoldDiagnostics), typeof(BiasSwitch)];

    /// <summary>Whether the holds of the start can be there together.</summary>
    public bool IsPossible => length == 0 || !programs.Index().Any(a => programs.Index().Any(
        b => a.Index != b.Index && ReferenceModel.Excludes(a.Item.Held, b.Item.Held)));

    /// <summary>Whether a program retires the domain.</summary>
    public bool Retires => programs.Any(program => program.Kind == CallKind.Retire);

    /// <summary>Whether the order in which they are taken makes a difference.</summary>
    public bool HasOrder => programs.Count(program => program.Held != HoldKind.None) > 1;

    public override void PrepareThread(int thread)
    {
        // With an empty cache the first rent would read all slots of the depot: nothing but steps that explode the schedules.
        // All tickets are made at the start: their generations must not tell which thread came first.
        for (int i = 0; thread == 0 && i < _tickets.Length; i++)
        {
            _tickets[i] = new Ticket();
        }

        foreach (Ticket ticket in _tickets.AsSpan(thread * TicketsPerThread, TicketsPerThread))
        {
            ticket.IsAlive(0);
            Untracked(() => TicketCache.Return(ticket));
        }
    }

    public override void Setup()
    {
        _history.Clear();
        Array.Clear(_tokens);
        Array.Clear(_beliefs);
        _domain = new ProbeDomain(length);
        LabelTouched(
            () => _ = (_domain.ByteLength, _domain.Size, _domain.Snapshot(), HoldDiagnostics.DoubleReleases, _domain.IsGuarded),
            "length", "size", "word", "others", "ranges", "double releases", "guarded");
        Label(ref ProbeDomain.OwnTicket(_domain), "own ticket");
        // Uses up one version: in a narrow layout the next one may be the last.
        HoldToken first = _domain.TakeToken(HoldKind.Read, conflictThrows: true);
        if (programs.Length > 2)
        {
            // With three threads, the race to create the domain's own ticket is one step too many.
            _domain.TakeToken(HoldKind.Read, conflictThrows: true).TryRelease();
        }

        first.TryRelease();
        for (int i = 0; i < programs.Length; i++)
        {
            int thread = reversed ? programs.Length - 1 - i : i;
            if (programs[thread].Held != HoldKind.None)
            {
                HoldKind held = programs[thread].Held;
                HoldToken token = programs[thread].IsScoped ? ScopedHolds.Take(_domain, held) : _domain.TakeToken(held, conflictThrows: true);
                _tokens[thread * 2] = token;
                _beliefs[thread * 2] = new Belief { Kind = held, IsEmpty = token.IsEmpty, Root = thread + 1 };
            }
        }

        for (int thread = 0; thread < programs.Length; thread++)
        {
            _copies[thread] = programs[thread].OfThread >= 0 ? _tokens[programs[thread].OfThread * 2] : default;
        }
    }

    public override void Run(int thread)
    {
        HoldProgram program = programs[thread];
        int mine = thread * 2;
        if (program is { Kind: CallKind.Take, Held: not HoldKind.None })
        {
            Release(thread, mine);
        }

        if (program.Kind != CallKind.Release || program.OfThread >= 0)
        {
            int hold = program.OfThread >= 0 ? program.OfThread * 2 : mine;
            int result = program.Kind is CallKind.Share or CallKind.Use ? mine + 1 : hold;
            Outcome outcome = Do(thread, new TrackerCall(program.Kind, program.Argument, hold, result, program.Length));
            if (program.Kind == CallKind.BeginResize && outcome == Outcome.Done)
            {
                Do(thread, new TrackerCall(CallKind.EndResize, HoldKind.None, mine, mine, program.Length));
            }
        }

        for (int hold = mine; hold <= mine + 1; hold++)
        {
            if (!_tokens[hold].IsDefault && (releases || (program.Kind == CallKind.Release && program.OfThread < 0)))
            {
                Release(thread, hold);
            }
        }
    }

    public override void CheckStep()
    {
        for (int thread = 0; thread < programs.Length; thread++)
        {
            _history.Advance(thread, StepsOf(thread));
        }

        for (int thread = 0; thread < programs.Length; thread++)
        {
            _history.Flushed(thread, FlushesOf(thread));
        }

        for (int a = 0; a < programs.Length * 2; a++)
        {
            HoldKind kind = Believed(a);
            Require(_domain.Closed == 0 || kind == HoldKind.None, "The domain was closed under a hold.");
            Require(kind == HoldKind.None || IsInWord(a), "The word has lost a hold.");
            for (int b = 0; b < a; b++)
            {
                Require(!_beliefs[a].Excludes(kind, _beliefs[b], Believed(b)), "Two threads hold what excludes each other.");
            }
        }

        long word = _domain.Tracker.Word;
        if (HoldWord.IsWide(word) && HoldWord.HasEmbedded(word))
        {
            Witness(EmbeddedInWide);
        }
    }

    public override void CheckEnd()
    {
        CheckStep();
        var model = new ReferenceModel { IsEmpty = length == 0 };
        for (int thread = 0; thread < programs.Length; thread++)
        {
            model.Hold(thread * 2, programs[thread].Held);
        }

        Require(_history.IsExplainedBy(model), $"No order of the calls explains their answers: {_history}");
        for (int hold = 0; hold < _tokens.Length; hold++)
        {
            if (!_tokens[hold].IsDefault && _beliefs[hold].Kind != HoldKind.None)
            {
                _ = ScopedKind(hold / 2) != HoldKind.None ? ScopedHolds.End(_tokens[hold], ScopedKind(hold / 2)) : _tokens[hold].EndOnce();
            }
        }

        long word = _domain.Tracker.Word;
        Require(!HoldWord.HasHolds(word) && !HoldWord.HasEmbedded(word) && _domain.Tracker.EmptyHolds == 0, $"Holds are left: {Describe("word", word)}");
        Require(_domain.Closed == (Retires || _history.Has(CallKind.Free, Outcome.Done) ? 1 : 0), $"The domain was closed {_domain.Closed} times.");
    }

    public override void AddGhost(ref StateHash state)
    {
        _history.AddTo(ref state);
        state.Add(_domain.Closed);
    }

    public override GhostEffects TakeGhostEffects() => _history.TakeEffects();

    public override string? Describe(string location, long bits) => location == "word" ? DescribeWord(bits) : null;

    /// <summary>A word for reading.</summary>
    public static string DescribeWord(long bits) => string.Create(
        CultureInfo.InvariantCulture,
        $"{{R{HoldWord.Count(bits, 0)} W{HoldWord.Count(bits, 1)} I{HoldWord.Count(bits, 2)} X{bits & HoldWord.Exclusive} {Flags(bits)}v{Version(bits)}}}");

    private static string Flags(long bits) =>
        ((bits & HoldWord.Frozen) != 0 ? "frozen " : "")
        + (HoldWord.IsRanged(bits) ? "ranged " : "")
        + ((bits & HoldWord.Retired) != 0 ? "retired " : "")
        + ((bits & HoldWord.Closed) != 0 ? "closed " : "")
        + (HoldWord.IsWide(bits) ? "wide " : "")
        + (HoldWord.HasEmbedded(bits) ? "embedded " : "");

    private static long Version(long bits) => HoldWord.IsWide(bits) ? 0 : (bits & HoldWord.VersionMask) >>> HoldWord.VersionShift;

    private HoldKind Believed(int hold)
    {
        // A call that ends or changes a hold shakes the belief with its first step, not when it is announced.
        ref Belief belief = ref _beliefs[hold];
        return _history.HasBegunAny(belief.Calls) ? belief.During : belief.Kind;
    }

    // What a holder may still rely on while a call changes its hold: what is common to both kinds.
    private static HoldKind Common(HoldKind from, in TrackerCall call) => call.Kind switch
    {
        CallKind.Release or CallKind.EndResize => HoldKind.None,
        CallKind.Upgrade when call.Argument != HoldKind.Exclusive => HoldKind.Read,
        CallKind.Downgrade or CallKind.FreezeHeld => call.Argument,
        _ => from,
    };

    // An embedded hold that nothing is about to be done to is in the word. (A ticket may still be in its thread's store buffer.)
    private bool IsInWord(int hold) =>
        _tokens[hold].Source is not HoldDomain
        || _beliefs[hold].Calls != 0
        || (ScopedKind(hold / 2) == HoldKind.Exclusive ? _domain.Tracker.IsExclusive(_tokens[hold].Value) : _domain.Tracker.IsEmbedded(_tokens[hold].Value));

    private HoldKind ScopedKind(int thread) =>
        !programs[thread].IsScoped ? HoldKind.None : programs[thread].Kind == CallKind.Take ? programs[thread].Argument : programs[thread].Held;

    private void Release(int thread, int hold)
    {
        var call = new TrackerCall(CallKind.Release, HoldKind.None, hold, hold);
        Do(thread, call);
        if (programs[thread].ReleasesTwice)
        {
            Do(thread, call);
        }

        _tokens[hold] = default;
    }

    private Outcome Do(int thread, TrackerCall call)
    {
        int index = _history.Announce(thread, call, StepsOf(thread));
        ref Belief belief = ref _beliefs[call.Hold];
        if (call.Result == call.Hold)
        {
            belief.Calls |= 1u << index;
            belief.During = Common(belief.Kind, call);
        }

        HoldToken token = call.Hold / 2 == thread ? _tokens[call.Hold] : _copies[thread];
        Outcome outcome = TrackerCaller.Do(_domain, call, ref token, ref token, ScopedKind(thread));
        _history.End(index, outcome, StoresOf(thread));
        if (outcome == Outcome.Done && call.Argument != HoldKind.None)
        {
            _tokens[call.Result] = token;
            _beliefs[call.Result] = new Belief
            {
                Kind = call.Argument,
                During = call.Argument,
                Calls = _beliefs[call.Result].Calls,
                IsEmpty = token.IsEmpty,
                IsOwner = call.Kind == CallKind.BeginResize,
                Root = call.Kind == CallKind.Use ? (call.Hold / 2) + 1 : 0,
            };
        }

        belief.Calls &= ~(1u << index);
        belief.Kind = call.Ends ? HoldKind.None : belief.Kind;
        Summarize(thread);
        return outcome;
    }

    // Between two calls a thread knows its outcomes and its tokens. Its ticket cache is a stack from which the tokens' tickets are missing,
    // so the tokens tell that too.
    private void Summarize(int thread)
    {
        StateHash summary = default;
        _history.AddOutcomes(thread, ref summary);
        for (int hold = thread * 2; hold <= (thread * 2) + 1; hold++)
        {
            summary.Add(_tokens[hold].Value);
            summary.Add(_beliefs[hold].IsEmpty ? 1UL : 0);
            summary.Add(_tokens[hold].Source switch { null => -2, Ticket ticket => Array.IndexOf(_tickets, ticket), _ => -3 });
        }

        Forget(thread, summary);
    }
}
