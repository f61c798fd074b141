using FastBuffers.Interleaving.Engine;

namespace FastBuffers.Interleaving.Scenarios;

/// <summary>
/// Two or three programs on one domain with holds on parts. Checked between any two steps: what the threads believe to hold obeys the
/// conflict table byte by byte, so do word and table whenever the table's lock is free, a frontier only rises, and the domain is closed
/// only when nobody holds anything. Checked at the end: some order of the calls explains every answer, word and table are empty, the next
/// Exclusive hold leaves the ranged mode, and a retired domain was closed exactly once.
/// </summary>
/// <remarks>
/// <b>Why states may be cut although the table is no shared location.</b> A thread reads and writes it only in a critical section, and
/// the lock's word counts those: so the histories of all threads together tell in which order the sections came, and with that, one section
/// after the other, what each of them found and left. Where a thread forgets its history the order goes with it; therefore the content of
/// the table is part of the state here (its entries; which slot is next is as good as which other, for nobody asks for a certain one).
/// What a thread that has not forgotten yet found in the table follows from what it did then: a hold that it added or took out or gave
/// another kind is in the content, or in its history by the slot's stores, and a refusal is neither.
/// </remarks>
/// <param name="programs">One a thread.</param>
/// <param name="start">How the table is at the start.</param>
/// <param name="releases">Whether each thread also releases what it holds after its calls, as a part of the schedule.</param>
internal sealed partial class RangeScenario(RangeProgram[] programs, TableStart start, bool releases = true) : Scenario
{
    private const int TicketsPerThread = 5;
    private const int Slots = 8;

    private readonly CallHistory<RangeModel> _history = new();
    private readonly HoldToken[] _tokens = new HoldToken[3 * RangeProgram.Holds];
    private readonly RangeBelief[] _beliefs = new RangeBelief[3 * RangeProgram.Holds];
    private readonly HoldToken[] _copies = new HoldToken[3 * RangeProgram.Holds];
    private readonly RangeSlot[] _slots = new RangeSlot[Slots];
    private readonly Ticket[] _tickets = new Ticket[3 * TicketsPerThread];
    private readonly List<HoldToken> _fillers = [];
    private ProbeDomain _domain = null!;

    public override int Threads => programs.Length;

    public override string Name => $"{string.Join(" | ", programs.Select(program => program.ToString()))} ({start})";

    public override IEnumerable<Type> StatefulTypes => [typeof(TicketCache), typeof(IdentitySeed), typeof(HoldDiagnostics), typeof(BiasSwitch)];

    /// <summary>Whether the holds of the start can be there together, beside those that make the table full.</summary>
    public bool IsPossible
    {
        get
        {
            ModelHold[] held = [.. programs.SelectMany(program => program.Starts), .. start == TableStart.Full ? [Fillers] : Array.Empty<ModelHold>()];
            return !held.Index().Any(a => held.Index().Any(b => a.Index != b.Index && Excludes(a.Item, b.Item)));
        }
    }

    /// <summary>How many programs retire the domain.</summary>
    public int Retires => programs.Count(program => program.Retires);

    /// <summary>Whether a program has many steps.</summary>
    public bool IsLong => programs.Any(program => program.IsLong);

    // What is held in part for all of the execution, to fill the table, as one hold.
    private static ModelHold Fillers => new(HoldKind.Read, RangeProgram.Length - Slots, RangeProgram.Length);

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
        Array.Clear(_copies);
        Array.Clear(_slots);
        _fillers.Clear();
        _seenFrontier = null;
        _domain = new ProbeDomain(RangeProgram.Length);
        LabelTouched(
            () => _ = (_domain.ByteLength, _domain.Size, _domain.Snapshot(), HoldDiagnostics.DoubleReleases, _domain.IsGuarded),
            "length", "size", "word", "others", "ranges", "double releases", "guarded");
        Label(ref ProbeDomain.OwnTicket(_domain), "own ticket");
        if (start != TableStart.None)
        {
            PrepareTable();
        }

        TakeAtStart(appenders: true);
        TakeAtStart(appenders: false);

        for (int thread = 0; thread < programs.Length; thread++)
        {
            if (programs[thread].OfThread is var other and >= 0)
            {
                _tokens.AsSpan(other * RangeProgram.Holds, RangeProgram.Holds).CopyTo(_copies.AsSpan(thread * RangeProgram.Holds));
            }
        }
    }

    public override void Run(int thread)
    {
        RangeProgram program = programs[thread];
        int mine = thread * RangeProgram.Holds;
        foreach (TrackerCall call in program.Calls)
        {
            // What the call works on was refused or released.
            if (call.NeedsHold && !call.IsCopy && _tokens[mine + call.Hold].IsDefault)
            {
                continue;
            }

            int origin = call.IsCopy ? program.OfThread * RangeProgram.Holds : mine;
            int other = call.Other < 0 ? -1 : call.Other + (call.Kind == CallKind.Join ? origin : mine);
            TrackerCall own = call with { Hold = origin + call.Hold, Result = (call.Result == call.Hold ? origin : mine) + call.Result, Other = other };
            if (Do(thread, own) == Outcome.Done && call.Kind == CallKind.BeginResize)
            {
                Do(thread, new TrackerCall(CallKind.EndResize, HoldKind.None, own.Hold, own.Result, call.Length));
            }
        }

        for (int hold = mine; hold < mine + RangeProgram.Holds && (releases || program.Calls.Length == 0); hold++)
        {
            if (!_tokens[hold].IsDefault)
            {
                Release(thread, hold);
            }
        }
    }

    public override void AddGhost(ref StateHash state)
    {
        _history.AddTo(ref state);
        state.Add(_domain.Closed);
        state.Add(_tableContent);
    }

    public override string? Describe(string location, long bits) => location == "word" ? TrackerScenario.DescribeWord(bits) : null;

    // Uses every slot once, because an unused one begins with a number that depends on who comes first.
    private void PrepareTable()
    {
        RangeTable table = _domain.Tracker.RangesOf(_domain);
        LabelLock(ref TableProbe.Sequence(table), "lock");
        LabelTouched(() => _ = (table.Count, table.Frontier), "count", "frontier");
        TableProbe.FreeSlots(table).CopyTo(_slots);
        for (int slot = 0; slot < Slots; slot++)
        {
            LabelTouched(() => _slots[slot].TryGetRange(0, out _, out _), $"slot {slot} start", $"slot {slot} end", $"slot {slot} state");
        }

        for (int slot = 0; slot < Slots; slot++)
        {
            ModelHold filler = Fillers with { Start = (byte)(Fillers.Start + slot), End = (byte)(Fillers.Start + slot + 1) };
            _fillers.Add(TakeAtStart(filler, scoped: true));
        }

        if (start != TableStart.Full)
        {
            _fillers.ForEach(filler => filler.TryRelease());
            _fillers.Clear();
        }

        if (start == TableStart.Idle)
        {
            _domain.TakeToken(HoldKind.Read, conflictThrows: true).TryRelease();
        }
    }

    // What an appender has published can be held beside it, but not when it comes.
    private void TakeAtStart(bool appenders)
    {
        for (int thread = 0; thread < programs.Length; thread++)
        {
            foreach ((int index, ModelHold held) in programs[thread].Starts.Index().Where(start => start.Item.Appends == appenders))
            {
                int hold = (thread * RangeProgram.Holds) + index;
                _tokens[hold] = TakeAtStart(held, programs[thread].IsScoped);
                _beliefs[hold] = new RangeBelief { Hold = held, Root = hold + 1 };
            }
        }
    }

    private HoldToken TakeAtStart(in ModelHold held, bool scoped)
    {
        if (held.Appends)
        {
            HoldToken appender = _domain.TakeAppender(out Frontier frontier);
            frontier.TryAdvance(0, held.Start);
            return appender;
        }

        if (held is { Start: 0, End: RangeProgram.Length })
        {
            return scoped ? ScopedHolds.Take(_domain, held.Kind) : _domain.TakeToken(held.Kind, conflictThrows: true);
        }

        RangeRequest request = new(held.Start, held.End, Size: 0);
        return scoped ? ScopedHolds.Take(_domain, held.Kind, request) : _domain.TakeRange(ConflictTable.Index(held.Kind), request, scoped, conflictThrows: true);
    }

    private void Release(int thread, int hold)
    {
        var call = new TrackerCall(CallKind.Release, HoldKind.None, hold, hold);
        HoldToken token = _tokens[hold];
        Do(thread, call);
        if (programs[thread].ReleasesTwice)
        {
            _tokens[hold] = token;
            Do(thread, call);
        }

        _tokens[hold] = default;
    }

    private Outcome Do(int thread, in TrackerCall call)
    {
        int index = _history.Announce(thread, call, StepsOf(thread));
        uint bit = 1u << index;
        bool joins = call.Kind == CallKind.Join;
        if (!call.Keeps)
        {
            _beliefs[call.Hold].Shake(bit, call);
        }

        if (joins)
        {
            _beliefs[call.Other].Shake(bit, call);
        }

        HoldToken[] tokens = call.IsCopy ? _copies : _tokens;
        int moved = call.IsCopy ? (thread - programs[thread].OfThread) * RangeProgram.Holds : 0;
        HoldToken token = tokens[call.Hold + moved];
        HoldToken other = joins ? tokens[call.Other + moved] : default;
        ModelHold before = _beliefs[call.Hold].Hold;
        ModelHold second = joins ? _beliefs[call.Other].Hold : default;
        Outcome outcome = TrackerCaller.Do(_domain, call, ref token, ref other, ScopedKind(thread, call.Kind == CallKind.Take ? call.Argument : before.Kind));
        _history.End(index, outcome, StoresOf(thread));
        bool done = outcome == Outcome.Done;
        if (!call.Keeps)
        {
            _beliefs[call.Hold].Settle(bit, call, done);
        }

        if (joins)
        {
            _beliefs[call.Other].Settle(bit, call, done);
        }

        if (done)
        {
            Keep(call, token, other, before, second);
        }

        Summarize(thread);
        return outcome;
    }

    // Notes what a call has made.
    private void Keep(in TrackerCall call, HoldToken token, HoldToken other, ModelHold before, ModelHold second)
    {
        byte first = (byte)call.Start;
        (ModelHold made, ModelHold rest) = call.Kind switch
        {
            CallKind.Take or CallKind.Share when call.IsPart => (new ModelHold(call.Argument, first, (byte)call.End), default),
            CallKind.Take or CallKind.BeginResize => (new ModelHold(call.Argument, 0, token.IsEmpty ? (byte)0 : (byte)RangeProgram.Length), default),
            CallKind.Append => (new ModelHold(call.Argument, 0, RangeProgram.Length, Appends: true), default),
            CallKind.Use => (before, default),
            CallKind.Split => (before with { End = first }, before with { Start = first }),
            CallKind.Join => (before with { End = second.End }, default),
            _ when call.IsConversion => (before with { Kind = call.Argument }, default),
            _ => (default(ModelHold), default(ModelHold)),
        };
        if (call.Ends && !call.IsCopy)
        {
            _tokens[call.Hold] = default;
            if (call.Kind == CallKind.Join)
            {
                _tokens[call.Other] = default;
            }
        }

        if (!made.IsNone)
        {
            // Whoever uses a hold is in its hands.
            _tokens[call.Result] = token;
            _beliefs[call.Result] = new RangeBelief
            {
                Hold = made,
                Calls = _beliefs[call.Result].Calls,
                IsOwner = call.Kind == CallKind.BeginResize,
                Root = (call.Kind == CallKind.Use ? call.Hold : call.Result) + 1,
            };
        }

        if (!rest.IsNone)
        {
            _tokens[call.Other] = other;
            _beliefs[call.Other] = new RangeBelief { Hold = rest, Root = call.Other + 1 };
        }
    }

    // The token of a scoped Exclusive hold, which is the word, does not say which kind it is of: its holder knows.
    private HoldKind ScopedKind(int thread, HoldKind kind) => programs[thread].IsScoped ? kind : HoldKind.None;

    // Between two calls a thread knows its outcomes and its tokens. Its ticket cache is a stack from which the tokens' tickets are missing,
    // so the tokens tell that too.
    private void Summarize(int thread)
    {
        StateHash summary = default;
        _history.AddOutcomes(thread, ref summary);
        int mine = thread * RangeProgram.Holds;
        for (int hold = mine; hold < mine + RangeProgram.Holds; hold++)
        {
            HoldToken token = _tokens[hold];
            summary.Add(token.Value);
            summary.Add(token.Source switch { null => -2, Ticket ticket => Array.IndexOf(_tickets, ticket), RangeSlot slot => -4 - Array.IndexOf(_slots, slot), _ => -3 });
            summary.Add((long)Array.IndexOf(_slots, token.Ticket?.Extent.Slot));
            summary.Add((long)_beliefs[hold].Hold.End);
        }

        Forget(thread, summary);
    }
}
