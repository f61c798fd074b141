using FastBuffers.Interleaving.Engine;

namespace FastBuffers.Interleaving.Scenarios.Rentals;

/// <summary>
/// A block that the first thread has rented, and of whose token every thread has a copy. Checked at the end: each hold that was made ended
/// by exactly one of its releases, or none of them and is alive; the block is in one hand or in one place; a block that somebody was shown
/// is not rented again; a rental in which something happened was closed once; no count is left. While a use or a shared hold is alive, nobody
/// changes the bytes.
/// </summary>
/// <param name="programs">
/// One a thread, with | between them, of steps on its hold, at first the copy: r releases it; s releases the copy; n rents; u uses it; e exposes the block;
/// d downgrades to Immutable; h shares, y shares no bytes, p splits, and z takes a hold on no bytes of a block that was exposed, all for a second
/// hold; x releases that; 0 resizes to nothing; t empties the first thread's cache.
/// </param>
internal sealed class RentalScenario(string programs) : Scenario
{
    private const int TicketsPerThread = 4;

    private readonly string[] _programs = programs.Split('|');
    private readonly List<RentalHold>[] _holds = [.. programs.Split('|').Select(_ => new List<RentalHold>())];
    private readonly ProbeCache?[] _caches = new ProbeCache?[programs.Count(character => character == '|') + 1];
    private readonly ProbeBlock[] _blocks = new ProbeBlock[3];
    private readonly RentalHold[] _starts = new RentalHold[programs.Count(character => character == '|') + 1];
    private RentalHold _first = null!;
    private Ticket? _bin;
    private int _blocksMade;

    /// <summary>How the rental began.</summary>
    public RentalStart Start { get; init; }

    private bool Owns => Start != RentalStart.Unowned;

    /// <summary>Whether threads keep blocks of this size.</summary>
    public bool Keeps { get; init; } = true;

    /// <summary>Whether the other threads have a cache too.</summary>
    public bool AllKeep { get; init; }

    /// <summary>What is wrong.</summary>
    public RentalBug Bug { get; init; }

    public override int Threads => _programs.Length;

    public override string Name => $"{programs} ({Start}{(Keeps ? "" : ", nobody keeps it")}{(AllKeep ? ", all keep" : "")})";

    /// <summary>Whether there are too many schedules to explore all of them each time.</summary>
    public bool IsLong => Threads > 2 || programs.Length > 5 || programs.Contains('n', StringComparison.Ordinal);

    public override IEnumerable<Type> StatefulTypes =>
        [typeof(TicketCache), typeof(IdentitySeed), typeof(HoldDiagnostics), typeof(BiasSwitch), typeof(TicketOwner), typeof(ProbeCache)];

    public override void PrepareThread(int thread)
    {
        if (thread == 0)
        {
            Array.Clear(_caches);
        }

        if (thread == 0 || AllKeep)
        {
            _caches[thread] = ProbeCache.OfThread = new ProbeCache(this, Keeps);
            _ = _caches[thread]!.Hot;
        }

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
        Array.ForEach(_holds, holds => holds.Clear());
        _bin = null;
        _blocksMade = 0;
        Untracked(MakeBlocks);
        ProbeBlock block = MakeBlock();
        ProbeCache cache = _caches[0]!;
        Label(ref _bin, "bin");
        Label(ref block.Bytes, "bytes");
        LabelTouched(() => _ = (block.ByteLength, block.Tracker.Word, block.Tracker.EmptyHolds), "length", "word", "others");
        LabelTouched(() => _ = cache.Number, "number");
        LabelTouched(() => cache.Exit(), "inside");
        LabelTouched(() => cache.Open(), "shut");
        cache.Shut();
        LabelTouched(() => _ = block.RentalTicket.IsAlive(0), "state");
        LabelTouched(() => _ = block.RentalTicket.IsOwned, "ownership");
        LabelTouched(() => block.RentalTicket.SetOwner(cache), "owner");
        if (Owns)
        {
            cache.Own();
        }

        _first = new RentalHold(block, block.BeginRental(block.RentalTicket, RentalHold.Length, cache)) { IsRental = true };
        _holds[0].Add(_first);
        Array.Fill(_starts, _first);
        switch (Start)
        {
            case RentalStart.Disowned:
                cache.Disown(cache.Number);
                break;
            case RentalStart.Downgraded or RentalStart.Shared:
                Downgrade();
                break;
        }
    }

    public override void Run(int thread)
    {
        var steps = new RentalSteps(this, thread, _first, _starts[thread], _holds[thread]);
        foreach (char step in _programs[thread])
        {
            steps.Do(step);

            // What the thread has been told is in the holds, and those are a part of the state.
            StateHash summary = default;
            steps.AddTo(ref summary);
            Forget(thread, summary);
        }
    }

    public override void AddGhost(ref StateHash state)
    {
        state.Add((long)_blocksMade);
        foreach (ProbeBlock block in _blocks)
        {
            state.Add((long)block.Closed);
        }

        foreach (List<RentalHold> holds in _holds)
        {
            state.Add((long)holds.Count);
            foreach (RentalHold hold in holds)
            {
                hold.AddTo(ref state);
            }
        }
    }

    public override void CheckEnd()
    {
        RentalHold[] holds = [.. _holds.SelectMany(made => made)];
        foreach (RentalHold hold in holds)
        {
            Require(hold.Ends <= 1, "A hold was ended twice.");
            Require(hold.Ends == 1 == hold.Token.IsReleased, hold.Ends == 1 ? "A hold that was ended is alive." : "Somebody else ended a hold.");
        }

        foreach (ProbeCache cache in _caches.OfType<ProbeCache>())
        {
            Require(cache.Number == 0 ? cache.Key < 0 : cache.Key == cache.Number, $"An owner with the number {cache.Number} has the key {cache.Key}.");
        }

        Ticket[] places = [.. _caches.Select(cache => cache?.Hot).Append(_bin).OfType<Ticket>()];
        for (int i = 0; i < _blocksMade; i++)
        {
            ProbeBlock block = _blocks[i];
            RentalHold[] own = Array.FindAll(holds, hold => hold.Block == block);
            bool held = Array.Exists(own, hold => !hold.Token.IsReleased);
            bool shown = Array.Exists(own, hold => hold.IsExposed);
            int found = places.Count(ticket => ProbeBlock.Of(ticket) == block);
            Require(!shown || held || block.IsClosed, "A block that was shown can be rented again.");
            Require(found == (held || block.IsClosed ? 0 : 1), $"Block {i} is in {found} places{(held ? " and held" : "")}.");
            Require(
                !Array.Exists(own, hold => hold.IsExposed && Array.Exists(own, later => later.IsRental && later.Token.Value > hold.Token.Value)),
                "A block that was shown was rented again.");
            if (held)
            {
                continue;
            }

            int eventful = own.Count(hold => hold.IsRental && (hold.IsExposed || hold.IsChanged));
            Require(block.Closed >= eventful, $"Of {eventful} rentals of block {i} in which something happened, {block.Closed} were closed.");
            Require(block.Closed <= eventful + own.Sum(hold => hold.LateChanges), $"Block {i} was closed {block.Closed} times for {eventful} rentals.");
            Require(
                (block.Tracker.Word & ~(HoldWord.VersionMask | HoldWord.Exclusive | HoldWord.Closed | HoldWord.Retired | HoldWord.Ranged)) == 0
                    && block.Tracker.EmptyHolds == 0,
                $"Holds are left: {TrackerScenario.DescribeWord(block.Tracker.Word)}");
        }
    }

    public override string? Describe(string location, long bits) => location == "word" ? TrackerScenario.DescribeWord(bits) : null;

    /// <summary>A block that nobody has had.</summary>
    public ProbeBlock MakeBlock() => _blocks[_blocksMade++];

    /// <summary>Gives a block away.</summary>
    public void PutInBin(Ticket block) => Require(Interlocked.Exchange(ref _bin, block) is null, "The bin was given a block while it had one.");

    /// <summary>Rents, as <c>RegionPool.Rent</c>; null when there is nothing.</summary>
    public RentalHold? Rent(int thread)
    {
        ProbeCache cache = _caches[thread]!;
        if (cache.Number == 0 && Owns)
        {
            cache.Own();
        }

        Ticket? ticket = cache.TryTake();
        if (ticket is null)
        {
            ticket = Interlocked.Exchange(ref _bin, null);
            if (ticket is null)
            {
                return null;
            }

            ticket.SetOwner(cache);
        }

        ProbeBlock block = ProbeBlock.Of(ticket);
        HoldToken token = block.BeginRental(ticket, RentalHold.Length, cache);
        int bytes = Volatile.Read(ref block.Bytes) + 1;
        Volatile.Write(ref block.Bytes, bytes);
        return new RentalHold(block, token) { IsRental = true, Bytes = bytes };
    }

    /// <summary>Empties the first thread's cache.</summary>
    public void Trim() => _caches[0]!.EmptyByOther();

    /// <summary>Throws for a check during the run.</summary>
    public static void Check(bool condition, string message) => Require(condition, message);

    // Untracked, because a tracker is made on the stack. What an earlier execution left behind must not end in a later one.
    private void MakeBlocks()
    {
        for (int i = 0; i < _blocks.Length; i++)
        {
            _blocks[i] = new ProbeBlock(this);
            GC.SuppressFinalize(_blocks[i].RentalTicket);
        }
    }

    // The first hold becomes Immutable, of which the others have copies, or shares.
    private void Downgrade()
    {
        HoldToken token = _first.Token.Downgrade(HoldKind.Immutable);
        _first.NoteEnd(true);
        _first.IsChanged = true;
        for (int thread = 0; thread < _programs.Length; thread++)
        {
            bool copies = thread > 0 && Start == RentalStart.Downgraded;
            _starts[thread] = copies ? _starts[0] : _first.Make(thread == 0 ? token : token.Share());
            if (!copies)
            {
                _holds[thread].Add(_starts[thread]);
            }
        }
    }
}
