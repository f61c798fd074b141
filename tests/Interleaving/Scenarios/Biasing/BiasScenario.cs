using FastBuffers.Interleaving.Engine;

namespace FastBuffers.Interleaving.Scenarios.Biasing;

/// <summary>
/// Readers of one domain with a bias, beside those whom it is in the way of. Checked between any two steps: nobody holds what excludes what
/// another one holds, and nothing is closed under a hold. Checked at the end: no count is left, and a domain was closed once if it was
/// retired; and whoever was refused has met an attempt that succeeded, and excludes his.
/// </summary>
/// <param name="programs">
/// One a thread, of steps: r and i take Read and Immutable, by the thread's slot if there is a bias; x takes Exclusive, w Write, p Exclusive
/// on a part, n Read that is counted; y asks for Exclusive beside the own hold, which must be refused; u upgrades the hold to Exclusive; e
/// ends it, E a copy of it once more; b begins a bias; q retires; f frees.
/// </param>
/// <param name="biased">Whether there is a bias at the start.</param>
internal sealed class BiasScenario(string programs, bool biased = true) : Scenario
{
    private const int TicketsPerThread = 3;
    private const int Length = 8;
    private const int MaxAttempts = 5;

    private readonly string[] _programs = programs.Split('|');
    private readonly ReaderSlot[] _slots = new ReaderSlot[3];
    private readonly HoldToken[] _holds = new HoldToken[3];
    private readonly HoldToken[] _copies = new HoldToken[3];

    // What a thread is sure to hold: set when it has taken, cleared before it ends.
    private readonly HoldKind[] _beliefs = new HoldKind[3];

    private readonly BiasAttempt[] _attempts = new BiasAttempt[3 * MaxAttempts];
    private readonly int[] _current = new int[3];
    private readonly int[] _attemptCounts = new int[3];
    private SteppedTime _clock = null!;
    private ProbeDomain _domain = null!;
    private bool _isRetired;
    private bool _mayBeRetired;
    private int _bytes;

    public override int Threads => _programs.Length;

    public override string Name => programs + (biased ? "" : " (no bias)");

    public override IEnumerable<Type> StatefulTypes =>
        [typeof(TicketCache), typeof(IdentitySeed), typeof(HoldDiagnostics), typeof(ReaderSlots), typeof(BiasSwitch)];

    public override void PrepareThread(int thread)
    {
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
        BiasSwitch.Clock = _clock = new SteppedTime();
        _domain = new ProbeDomain(Length);
        LabelTouched(() => _ = (_domain.ByteLength, _domain.Tracker.Word, _domain.Tracker.EmptyHolds, _domain.Tracker.IsBiased), "length", "word", "others", "bias");
        Array.Clear(_holds);
        Array.Clear(_copies);
        Array.Clear(_beliefs);
        Array.Clear(_attempts);
        Array.Clear(_attemptCounts);
        _isRetired = _mayBeRetired = false;
        _bytes = 0;
        Label(ref _bytes, "bytes");
        for (int i = 0; i < Threads; i++)
        {
            _slots[i] = new ReaderSlot((nuint)i);
            ReaderSlots.Add(_slots[i]);
        }

        // At first it only learns that the domain is read.
        _domain.ConsiderBias();
        _clock.Step();
        if (biased)
        {
            _domain.ConsiderBias();
            Require(_domain.Tracker.IsBiased, "There is no bias.");
        }
    }

    public override void Run(int thread)
    {
        foreach (char step in _programs[thread])
        {
            Do(step, thread);
        }
    }

    public override void CheckStep()
    {
        for (int a = 0; a < Threads; a++)
        {
            Require(_domain.Closed == 0 || _beliefs[a] == HoldKind.None, "The domain was closed under a hold.");
            for (int b = 0; b < a; b++)
            {
                Require(!ReferenceModel.Excludes(_beliefs[a], _beliefs[b]), "Two threads hold what excludes each other.");
            }
        }
    }

    public override void CheckEnd()
    {
        CheckStep();
        CheckRefusals();
        for (int i = 0; i < Threads; i++)
        {
            if (!_holds[i].IsDefault)
            {
                End(i);
            }
        }

        if (!_isRetired)
        {
            Require(_domain.TryCloseIdle(), $"Holds are left: {TrackerScenario.DescribeWord(_domain.Tracker.Word)}");
        }

        Require(_domain.Closed == 1, $"The domain was closed {_domain.Closed} times.");
        Require(!HoldWord.HasHolds(_domain.Tracker.Word), $"Counts are left: {TrackerScenario.DescribeWord(_domain.Tracker.Word)}");
    }

    public override void AddGhost(ref StateHash state)
    {
        for (int i = 0; i < Threads; i++)
        {
            state.Add(_holds[i].Value);
            state.Add((long)_beliefs[i]);
        }

        foreach (ref readonly BiasAttempt attempt in _attempts.AsSpan())
        {
            state.Add(attempt.Met | ((long)attempt.Thread << 32) | (attempt.IsOpen ? 1L << 34 : 0) | (attempt.Succeeded ? 1L << 35 : 0) | (attempt.WasRefused ? 1L << 36 : 0));
        }

        state.Add(_domain.Closed + (_isRetired ? 16 : 0) + (_mayBeRetired ? 32 : 0));
        state.Add(_clock.Now);
    }

    public override string? Describe(string location, long bits) => location == "word" ? TrackerScenario.DescribeWord(bits) : null;

    private void Do(char step, int thread)
    {
        switch (step)
        {
            case 'r':
                Take(thread, HoldKind.Read, scoped: true);
                break;
            case 'i':
                Take(thread, HoldKind.Immutable, scoped: true);
                break;
            case 'n':
                Take(thread, HoldKind.Read, scoped: false);
                break;
            case 'w':
                Take(thread, HoldKind.Write, scoped: false);
                break;
            case 'x':
                Take(thread, HoldKind.Exclusive, scoped: false);
                break;
            case 'p':
                Take(thread, HoldKind.Exclusive, scoped: false, new RangeRequest(0, Length / 2, _domain.Size));
                break;
            case 'u':
                Upgrade(thread);
                break;
            case 'e':
                End(thread);
                break;
            case 'y' when _holds[thread].IsDefault:
                break;
            case 'y':
                Require(_domain.TakeToken(HoldKind.Exclusive, conflictThrows: false).IsDefault, "Two threads hold what excludes each other.");
                break;
            case 'E' when _copies[thread].Source is not ReaderSlot:
                break;
            case 'E':
                EndReader((ReaderSlot)_copies[thread].Source!, _copies[thread].Value);
                break;
            case 'b':
                _clock.Step();
                _domain.ConsiderBias();
                break;
            case 'q':
                _isRetired = true;
                Volatile.Write(ref _bytes, -1);
                _domain.RetireCore(out _);
                break;
            case 'f':
                Free(thread);
                break;
            default:
                throw new InvalidOperationException($"There is no step {step}.");
        }
    }

    private void Take(int thread, HoldKind kind, bool scoped, RangeRequest? part = null)
    {
        int index = ConflictTable.Index(kind);
        Begin(thread, kind);
        HoldToken token;
        try
        {
            token = scoped ? TakeReader(thread, index)
                : part is { } request ? _domain.TakeRange(index, request, scoped: false, conflictThrows: false)
                : _domain.TakeToken(kind, conflictThrows: false);
        }
        catch (ObjectDisposedException)
        {
            Require(_isRetired || _mayBeRetired, "What nobody has retired refuses.");
            Close(thread);
            return;
        }

        if (token.IsDefault)
        {
            Refused(thread);
            return;
        }

        Witness(token.Source is ReaderSlot ? "biased" : "counted");
        _holds[thread] = _copies[thread] = token;
        _beliefs[thread] = kind;
        _attempts[_current[thread]].Succeeded = true;
        Touch(thread, kind);
    }

    // What is believed is looked at between two steps, so that a holder has to take one.
    private void Touch(int thread, HoldKind kind)
    {
        if (kind is HoldKind.Read or HoldKind.Immutable)
        {
            _ = Volatile.Read(ref _bytes);
        }
        else
        {
            Volatile.Write(ref _bytes, thread + 1);
        }
    }

    // As Region.TakeReader of src/Core, but by the slot of the virtual thread.
    private HoldToken TakeReader(int thread, int index) =>
        _domain.Tracker.BiasKey is > 0 and long key
            && _domain.Tracker.Enter(_slots[thread], _slots[thread].Page, key, index, out long token) is { } slot
            ? new HoldToken(slot, token)
            : _domain.TakeScoped(index, conflictThrows: false);

    private void Upgrade(int thread)
    {
        if (_holds[thread].Source is not (Ticket or HoldDomain))
        {
            return;
        }

        int held = _current[thread];
        Begin(thread, HoldKind.Exclusive);
        if (_holds[thread].TryUpgrade(HoldKind.Exclusive, out HoldToken upgraded))
        {
            _holds[thread] = upgraded;
            _beliefs[thread] = HoldKind.Exclusive;
            _attempts[_current[thread]].Succeeded = true;
            _attempts[held].IsOpen = false;
            Touch(thread, HoldKind.Exclusive);
        }
        else
        {
            Refused(thread);
            _current[thread] = held;
        }
    }

    private void Free(int thread)
    {
        Begin(thread, HoldKind.Exclusive);
        _mayBeRetired = true;
        Volatile.Write(ref _bytes, -1);
        try
        {
            if (!_domain.TryCloseIdle())
            {
                Refused(thread);
                return;
            }
        }
        catch (ObjectDisposedException)
        {
            Require(_isRetired || _mayBeRetired, "What nobody has retired refuses.");
            Close(thread);
            return;
        }

        _isRetired = true;
        _attempts[_current[thread]].Succeeded = true;
        Close(thread);
    }

    private void End(int thread)
    {
        HoldToken token = _holds[thread];
        _beliefs[thread] = HoldKind.None;
        _holds[thread] = default;
        if (token.Source is ReaderSlot slot)
        {
            EndReader(slot, token.Value);
        }
        else
        {
            token.EndOnce();
        }

        Close(thread);
    }

    // As SharedScope.End of src/Core.
    private void EndReader(ReaderSlot slot, long token)
    {
        if (slot.IsHeld(token) && slot.Leave(token))
        {
            _domain.EndMovedReader(slot, token);
        }
    }

    // From here on the thread may be in the way of others, and meets those who may be in its.
    private void Begin(int thread, HoldKind kind)
    {
        int mine = (thread * MaxAttempts) + _attemptCounts[thread]++;
        _current[thread] = mine;
        _attempts[mine] = new BiasAttempt { Thread = thread, Kind = kind, IsOpen = true };
        for (int other = 0; other < _attempts.Length; other++)
        {
            if (_attempts[other].IsOpen && _attempts[other].Thread != thread)
            {
                _attempts[mine].Met |= 1u << other;
                _attempts[other].Met |= 1u << mine;
            }
        }
    }

    private void Close(int thread) => _attempts[_current[thread]].IsOpen = false;

    private void Refused(int thread)
    {
        _attempts[_current[thread]].WasRefused = true;
        Close(thread);
        Witness("refused");
    }

    private void CheckRefusals()
    {
        ReadOnlySpan<BiasAttempt> attempts = _attempts;
        foreach (ref readonly BiasAttempt attempt in attempts)
        {
            bool explained = !attempt.WasRefused;
            for (int other = 0; other < attempts.Length; other++)
            {
                explained |= (attempt.Met & (1u << other)) != 0 && attempts[other].Succeeded && ReferenceModel.Excludes(attempt.Kind, attempts[other].Kind);
            }

            Require(explained, "Somebody was refused for nothing.");
        }
    }
}
