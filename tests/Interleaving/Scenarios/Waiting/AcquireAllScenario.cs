using System.Reflection;
using FastBuffers.Interleaving.Engine;

namespace FastBuffers.Interleaving.Scenarios.Waiting;

/// <summary>
/// Threads that take several domains each, one after the other in the order that <c>RegionLocks.AcquireAll</c> takes them in, hold all of
/// them, and release them. Checked: nobody waits for ever, nobody is refused, of two that exclude each other one at a time has all that it
/// wants, and nothing is left at the end.
/// </summary>
/// <param name="programs">One a thread, with | between them: the domains a and b in the order in which it names them; A and B for Read, else Exclusive.</param>
internal sealed class AcquireAllScenario(string programs) : Scenario
{
    private const int TicketsPerThread = 4;

    private static readonly FieldInfo s_buckets = typeof(WaitTable).GetField("s_buckets", BindingFlags.Static | BindingFlags.NonPublic)!;

    private readonly string[] _programs = programs.Split('|');
    private readonly ProbeDomain[] _domains = new ProbeDomain[2];
    private readonly List<(ProbeWaiter Waiter, ProbeDomain Domain, HoldKind Kind)>[] _requests = [[], [], []];

    // The step with which a thread had all that it wants, until the next one releases the first of it.
    private readonly int[] _hadAllAt = new int[3];
    private Ticket[] _tickets = [];
    private WaitBucket _bucket = null!;

    public override int Threads => _programs.Length;

    public override string Name => programs;

    public override IEnumerable<Type> StatefulTypes =>
        [typeof(TicketCache), typeof(IdentitySeed), typeof(HoldDiagnostics), typeof(BiasSwitch), typeof(WaitTable), typeof(DomainOrder)];

    public override void PrepareThread(int thread)
    {
        if (thread == 0)
        {
            _tickets = [.. Enumerable.Range(0, Threads * TicketsPerThread).Select(static _ => new Ticket())];
        }

        // With an empty cache the first rent would read all slots of the depot.
        foreach (Ticket ticket in _tickets.AsSpan(thread * TicketsPerThread, TicketsPerThread))
        {
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
        for (int i = 0; i < _domains.Length; i++)
        {
            ProbeDomain domain = _domains[i] = new ProbeDomain(8);
            string name = i == 0 ? "a" : "b";
            LabelTouched(
                () => _ = (domain.ByteLength, domain.Tracker.Word, domain.Tracker.EmptyHolds, domain.IsGuarded),
                $"{name} length", $"{name} word", $"{name} others", $"{name} guarded");
            Label(ref ProbeDomain.OwnTicket(domain), $"{name} own ticket");
            ProbeDomain.OwnTicket(domain) = new Ticket(domain, IdentityPlace.OwnTicket);
            ProbeDomain.OwnTicket(domain)!.IsAlive(0);
            GC.SuppressFinalize(ProbeDomain.OwnTicket(domain)!);
        }

        LabelTouched(() => WaitTable.Count(_domains[0]), "queue");
        DomainOrder.Compare(_domains[0], _domains[1]);
        Array.Fill(_hadAllAt, -1);
        for (int thread = 0; thread < Threads; thread++)
        {
            _requests[thread] =
            [
                .. _programs[thread].Select(letter => (
                    new ProbeWaiter(), _domains[char.ToLowerInvariant(letter) - 'a'], char.IsUpper(letter) ? HoldKind.Read : HoldKind.Exclusive)),
            ];
            _requests[thread].ForEach(request => LabelTouched(() => _ = request.Waiter.IsOver, $"end of {thread}'s wait"));
        }
    }

    public override void Run(int thread)
    {
        // As RegionLocks does it.
        List<(ProbeWaiter Waiter, ProbeDomain Domain, HoldKind Kind)> plan = [.. _requests[thread]];
        plan.Sort(static (left, right) => DomainOrder.Compare(left.Domain, right.Domain));
        foreach ((ProbeWaiter waiter, ProbeDomain domain, HoldKind kind) in plan)
        {
            waiter.Wait(domain, kind);
            SpinWait spin = default;
            while (!waiter.IsOver)
            {
                spin.SpinOnce();
            }
        }

        _hadAllAt[thread] = StepsOf(thread);
        _requests[thread].ForEach(static request => request.Waiter.Token.EndOnce());
    }

    public override void CheckStep()
    {
        for (int thread = 0; thread < Threads; thread++)
        {
            for (int other = 0; other < thread; other++)
            {
                Require(!(HasAll(thread) && HasAll(other) && Exclude(thread, other)), "Two have all that they want, and it excludes each other.");
            }
        }
    }

    public override void AddGhost(ref StateHash state)
    {
        foreach ((ProbeWaiter waiter, _, _) in _requests[..Threads].SelectMany(static own => own))
        {
            waiter.AddTo(ref state);
        }
    }

    public override void CheckEnd()
    {
        foreach ((ProbeWaiter waiter, _, _) in _requests[..Threads].SelectMany(static own => own))
        {
            Require(waiter is { Ends: 1, IsQueued: false, Failure: null }, "A wait did not end once, with its hold.");
            Require(waiter.Token.Locate(out _) is null, "A hold was not released.");
        }

        foreach (ProbeDomain domain in _domains)
        {
            Require(!HoldWord.HasHolds(domain.Tracker.Word) && !domain.Tracker.IsWaitedFor && _bucket.Find(domain) is null, "Something is left.");
        }
    }

    private bool HasAll(int thread) => _hadAllAt[thread] == StepsOf(thread);

    private bool Exclude(int thread, int other) => _requests[thread].Any(
        mine => _requests[other].Any(theirs => theirs.Domain == mine.Domain && (ConflictTable.With(ConflictTable.Index(mine.Kind)) & theirs.Kind) != 0));
}
