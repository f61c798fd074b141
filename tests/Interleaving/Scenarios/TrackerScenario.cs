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
/// <param name="strict">Whether a refusal by a take that a concurrent retire undoes counts as false.</param>
internal sealed class TrackerScenario(HoldProgram[] programs, bool reversed = false, bool releases = true, bool strict = false) : Scenario
{
    private const int TicketsPerThread = 5;

    private readonly CallHistory _history = new() { AcceptsUndoneTakes = !strict };
    private readonly HoldToken[] _tokens = new HoldToken[8];
    private readonly Belief[] _beliefs = new Belief[8];
    private readonly Ticket[] _tickets = new Ticket[4 * TicketsPerThread];
    private readonly HoldToken[] _copies = new HoldToken[4];
    private ProbeDomain _domain = null!;

    public override int Threads => programs.Length;

    public override string Name => string.Join(" | ", programs.Select(program => program.ToString())) + (reversed ? " (reversed)" : "");

    public override IEnumerable<Type> StatefulTypes => [typeof(TicketCache), typeof(HoldDiagnostics)];

    /// <summary>Whether the holds of the start can be there together.</summary>
    public bool IsPossible => !programs.Index().Any(a => programs.Index().Any(
        b => a.Index != b.Index && ReferenceModel.Excludes(a.Item.Held, b.Item.Held)));

    /// <summary>Whether a program retires the domain.</summary>
    public bool Retires => programs.Any(program => program.Kind == CallKind.Retire);

    /// <summary>Whether the order in which they are taken makes a difference.</summary>
    public bool HasOrder => programs.Count(program => program.Held != HoldKind.None) > 1;

    public override void PrepareThread(int thread)
    {
        // With an empty cache the first rent would read all slots of the depot: nothing but steps that explode the schedules.
        for (int i = 0; i < TicketsPerThread; i++)
        {
            var ticket = new Ticket();
            ticket.IsAlive(0);
            Untracked(() => TicketCache.Return(ticket));
            _tickets[(thread * TicketsPerThread) + i] = ticket;
        }
    }

    public override void Setup()
    {
        _history.Clear();
        Array.Clear(_tokens);
        Array.Clear(_beliefs);
        _domain = new ProbeDomain();
        LabelTouched(() => _ = (_domain.ByteLength, _domain.Snapshot(), HoldDiagnostics.DoubleReleases), "length", "word", "others", "double releases");

        // The domain's own ticket is there from the start: the library looks for it past the shims, which no schedule would show.
        HoldToken first = _domain.TakeToken(HoldKind.Read, conflictThrows: true);
        _domain.TakeToken(HoldKind.Read, conflictThrows: true).TryRelease();
        first.TryRelease();
        for (int i = 0; i < programs.Length; i++)
        {
            int thread = reversed ? programs.Length - 1 - i : i;
            if (programs[thread].Held != HoldKind.None)
            {
                _tokens[thread * 2] = _domain.TakeToken(programs[thread].Held, conflictThrows: true);
                _beliefs[thread * 2].Kind = programs[thread].Held;
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
        if (program.OfThread >= 0)
        {
            Do(thread, new TrackerCall(CallKind.Release, HoldKind.None, program.OfThread * 2));
        }
        else if (program.Kind != CallKind.Release)
        {
            Do(thread, new TrackerCall(program.Kind, program.Argument, mine));
        }

        for (int hold = mine; hold <= mine + 1; hold++)
        {
            if (!_tokens[hold].IsDefault && (releases || (program.Kind == CallKind.Release && program.OfThread < 0)))
            {
                Do(thread, new TrackerCall(CallKind.Release, HoldKind.None, hold));
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
            for (int b = 0; b < a; b++)
            {
                Require(!ReferenceModel.Excludes(kind, Believed(b)), "Two threads hold what excludes each other.");
            }
        }
    }

    public override void CheckEnd()
    {
        CheckStep();
        var model = default(ReferenceModel);
        for (int thread = 0; thread < programs.Length; thread++)
        {
            model.Hold(thread * 2, programs[thread].Held);
        }

        Require(_history.IsExplainedBy(model), $"No order of the calls explains their answers: {_history}");
        foreach (HoldToken token in _tokens)
        {
            token.EndOnce();
        }

        long word = _domain.Tracker.Word;
        Require(!HoldWord.HasHolds(word) && !HoldWord.HasEmbedded(word) && _domain.Tracker.EmptyHolds == 0, $"Holds are left: {Describe("word", word)}");
        Require(_domain.Closed == (Retires ? 1 : 0), $"The domain was closed {_domain.Closed} times.");
    }

    public override void AddGhost(ref StateHash state)
    {
        _history.AddTo(ref state);
        state.Add(_domain.Closed);
    }

    public override string? Describe(string location, long bits) => location != "word" ? null : string.Create(
        CultureInfo.InvariantCulture,
        $"{{R{HoldWord.Count(bits, 0)} W{HoldWord.Count(bits, 1)} I{HoldWord.Count(bits, 2)} X{bits & HoldWord.Exclusive} {Flags(bits)}v{Version(bits)}}}");

    private static string Flags(long bits) =>
        ((bits & HoldWord.Frozen) != 0 ? "frozen " : "")
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
        CallKind.Release => HoldKind.None,
        CallKind.Upgrade when call.Argument != HoldKind.Exclusive => HoldKind.Read,
        CallKind.Downgrade or CallKind.FreezeHeld => call.Argument,
        _ => from,
    };

    private void Do(int thread, TrackerCall call)
    {
        int index = _history.Announce(thread, call, StepsOf(thread));
        ref Belief belief = ref _beliefs[call.Hold];
        belief.Calls |= 1u << index;
        belief.During = Common(belief.Kind, call);
        HoldToken token = call.Hold / 2 == thread ? _tokens[call.Hold] : _copies[thread];
        Outcome outcome = Answer(call, ref token);
        _history.End(index, outcome, StoresOf(thread));
        belief.Calls &= call.Kind == CallKind.Release ? ~0u : ~(1u << index);
        if (call.Hold / 2 == thread)
        {
            _tokens[call.Result] = call.Kind == CallKind.Release ? default : token;
        }

        if (outcome == Outcome.Done && call.Argument != HoldKind.None)
        {
            _beliefs[call.Result].Kind = call.Argument;
        }

        Summarize(thread);
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
            summary.Add(_tokens[hold].Source switch { null => -2, Ticket ticket => Array.IndexOf(_tickets, ticket), _ => -3 });
        }

        Forget(thread, summary);
    }

    private Outcome Answer(in TrackerCall call, ref HoldToken token)
    {
        try
        {
            HoldToken made;
            switch (call.Kind)
            {
                case CallKind.Take:
                    token = _domain.TakeToken(call.Argument, conflictThrows: false);
                    return token.IsDefault ? Outcome.Conflict : Outcome.Done;
                case CallKind.Release:
                    return token.TryRelease() ? Outcome.Done : Outcome.Nothing;
                case CallKind.Upgrade when token.TryUpgrade(call.Argument, out made):
                    token = made;
                    return Outcome.Done;
                case CallKind.Upgrade:
                    return Outcome.Conflict;
                case CallKind.Downgrade:
                    token = token.Downgrade(call.Argument);
                    return Outcome.Done;
                case CallKind.Share:
                    token = token.Share(call.Argument);
                    return Outcome.Done;
                case CallKind.FreezeHeld:
                    token = HoldConversion.Downgrade(token, call.Argument, freeze: true);
                    return Outcome.Done;
                case CallKind.Freeze:
                    _domain.FreezeCore();
                    return Outcome.Done;
                default:
                    _domain.RetireCore(out _);
                    return Outcome.Done;
            }
        }
        catch (ObjectDisposedException)
        {
            return Outcome.Ended;
        }
        catch (BufferConflictException)
        {
            return Outcome.Conflict;
        }
        catch (BufferException)
        {
            return Outcome.Unsupported;
        }
    }

    private struct Belief
    {
        public HoldKind Kind;
        public HoldKind During;
        public uint Calls;
    }
}
