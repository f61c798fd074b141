using System.Reflection;
using FastBuffers.Interleaving.Engine;

namespace FastBuffers.Interleaving.Scenarios.Waiting;

/// <summary>
/// Threads that wait for one domain, and threads that make room. Checked at the end: each wait is over exactly once, by its hold, by a failure
/// or by its cancellation, or goes on; what is held does not conflict; whoever still waits is behind a hold or another waiter that
/// conflicts (no lost wake-up); the domain says that somebody waits exactly if so; and who gave up is nowhere any more.
/// </summary>
/// <param name="programs">
/// One a thread, with | between them. A first letter R, W, I or X is a hold of that kind (X: Exclusive) that the thread has at the start, with P
/// behind it on the left half only. Then steps: r, w, i, x wait for the whole, p for the left half (Exclusive); c cancels the own wait, k that of
/// the next thread; e ends the own hold, or the one that the own wait is known to have ended with; t takes Read and releases it, now or not at all; s tries to
/// take Exclusive as one who spins;
/// u upgrades to Exclusive; d downgrades to Read; f freezes; q retires.
/// </param>
internal sealed class WaitScenario(string programs) : Scenario
{
    private const int TicketsPerThread = 5;
    private const int Length = 8;

    private static readonly FieldInfo s_buckets = typeof(WaitTable).GetField("s_buckets", BindingFlags.Static | BindingFlags.NonPublic)!;

    private readonly string[] _programs = programs.Split('|');
    private readonly HoldToken[] _holds = new HoldToken[3];
    private readonly ProbeWaiter[] _waiters = new ProbeWaiter[3];
    private WaitBucket _bucket = null!;
    private ProbeDomain _domain = null!;

    public override int Threads => _programs.Length;

    public override string Name => programs;

    public override IEnumerable<Type> StatefulTypes => [typeof(TicketCache), typeof(IdentitySeed), typeof(HoldDiagnostics), typeof(BiasSwitch), typeof(WaitTable)];

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
        // One for all domains: which it is depends on a hash code.
        _bucket = new WaitBucket();
        Array.Fill((WaitBucket[])s_buckets.GetValue(null)!, _bucket);
        _domain = new ProbeDomain(Length);
        LabelTouched(() => _ = (_domain.ByteLength, _domain.Tracker.Word, _domain.Tracker.EmptyHolds, _domain.IsGuarded), "length", "word", "others", "guarded");
        LabelTouched(() => WaitTable.Count(_domain), "queue");

        // What an execution leaves behind must not end in a later one, whose queue would be found then: no ticket may have a finalizer.
        var own = new Ticket(_domain, IdentityPlace.OwnTicket);
        own.IsAlive(0);
        GC.SuppressFinalize(own);
        Label(ref ProbeDomain.OwnTicket(_domain), "own ticket");
        ProbeDomain.OwnTicket(_domain) = own;
        for (int i = 0; i < Threads; i++)
        {
            _waiters[i] = new ProbeWaiter();
            HoldKind kind = KindOf(_programs[i][0]);
            bool part = _programs[i].Length > 1 && _programs[i][1] == 'P';
            _holds[i] = char.IsLower(_programs[i][0]) ? default
                : part ? _domain.TakeRange(ConflictTable.Index(kind), new(0, Length / 2, _domain.Size), scoped: false, conflictThrows: true)
                : _domain.TakeToken(kind, conflictThrows: true);
        }
    }

    public override void Run(int thread)
    {
        foreach (char step in _programs[thread].Where(char.IsLower))
        {
            Do(step, thread);
        }
    }

    public override void AddGhost(ref StateHash state)
    {
        for (int i = 0; i < Threads; i++)
        {
            _waiters[i].AddTo(ref state);
            state.Add(_holds[i].Value);
        }
    }

    public override void CheckEnd()
    {
        WaitQueue? queue = _bucket.Find(_domain);
        ProbeWaiter[] waiters = _waiters[..Threads];
        ProbeWaiter[] waiting = Array.FindAll(waiters, waiter => waiter.IsQueued);
        Require((queue?.Count ?? 0) == waiting.Length, "The queue has another number of waiters than wait.");
        Require(_domain.Tracker.IsWaitedFor == (waiting.Length > 0), "The domain does not say whether somebody waits.");
        List<(HoldKind Kind, long Start, long End)> held = [];
        for (int i = 0; i < Threads; i++)
        {
            ProbeWaiter waiter = waiters[i];
            Require(waiter.Ends <= 1, "A wait was over twice.");
            Require(waiter.Ends == 0 || !waiter.IsQueued, "A wait is over, and goes on.");
            Require(waiter.Ends == 1 || waiter.IsQueued || waiter.Domain is null, "A wait is neither over nor does it go on.");
            Require(!waiter.IsCancelled || (waiter.Token == default && waiter.Failure is null), "A wait that was cancelled ended with a hold.");
            Add(_holds[i]);
            Add(waiter.Token);
            Witness(waiter.IsCancelled ? "cancelled" : waiter.IsQueued ? "waits" : waiter.Failure is not null ? "failed" : waiter.Token != default ? "granted" : "none");
        }

        for (int i = 0; i < held.Count; i++)
        {
            Require(!held.Skip(i + 1).Any(other => Conflicts(held[i], other)), "Holds that exclude each other are both alive.");
        }

        foreach (ProbeWaiter waiter in waiting)
        {
            var wanted = Wanted(waiter);
            bool behind = waiting.Any(other => other.Number < waiter.Number && Conflicts(wanted, Wanted(other)));
            Require(behind || held.Any(hold => Conflicts(wanted, hold)), "A wake-up was lost.");
            Require(!_domain.Tracker.IsRetired, "Somebody waits for what is retired.");
        }

        void Add(HoldToken token)
        {
            if (token.Locate(out HoldExtent extent) is not null)
            {
                held.Add((token.Kind, extent.Start, extent.IsWhole ? Length : extent.Start + extent.Length));
            }
        }
    }

    private static (HoldKind Kind, long Start, long End) Wanted(ProbeWaiter waiter) =>
        (waiter.Parts[0].Kind, waiter.Parts[0].Request.Start, waiter.Parts[0].Request.End);

    private static bool Conflicts((HoldKind Kind, long Start, long End) left, (HoldKind Kind, long Start, long End) right) =>
        (ConflictTable.With(ConflictTable.Index(left.Kind)) & right.Kind) != 0 && left.Start < right.End && right.Start < left.End;

    private static HoldKind KindOf(char letter) => char.ToUpperInvariant(letter) switch
    {
        'R' => HoldKind.Read,
        'W' => HoldKind.Write,
        'I' => HoldKind.Immutable,
        _ => HoldKind.Exclusive,
    };

    private void Do(char step, int thread)
    {
        ProbeWaiter own = _waiters[thread];
        switch (step)
        {
            case 'p':
                own.Wait(_domain, HoldKind.Exclusive, new(0, Length / 2, _domain.Size));
                break;
            case 'c':
                own.Cancel(_domain);
                break;
            case 'k':
                _waiters[(thread + 1) % Threads].Cancel(_domain);
                break;
            case 'e' when !_holds[thread].IsDefault:
                _holds[thread].EndOnce();
                break;
            case 'e' when own.IsOver:
                own.Token.EndOnce();
                break;
            case 'e':
                break;
            case 't':
                _domain.TakeToken(HoldKind.Read, conflictThrows: false).EndOnce();
                break;
            case 's':
                bool noted = WaitTable.TryBeginSpinning(_domain);
                _holds[thread] = _domain.TakeToken(HoldKind.Exclusive, conflictThrows: false);
                if (noted)
                {
                    WaitTable.EndSpinning(
                        _domain, _holds[thread].IsDefault ? null : new HoldRequestPart(ConflictTable.ExclusiveIndex, RangeRequest.Whole));
                }

                break;
            case 'u':
                _holds[thread] = _holds[thread].TryUpgrade(HoldKind.Exclusive, out HoldToken upgraded) ? upgraded : _holds[thread];
                break;
            case 'd':
                _holds[thread] = _holds[thread].Downgrade(HoldKind.Read);
                break;
            case 'f':
                try
                {
                    _domain.FreezeCore();
                }
                catch (BufferConflictException)
                {
                    // Somebody may write.
                }

                break;
            case 'q':
                _domain.RetireCore(out _);
                break;
            default:
                own.Wait(_domain, KindOf(step));
                break;
        }
    }
}
