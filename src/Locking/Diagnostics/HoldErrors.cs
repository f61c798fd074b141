namespace FastBuffers.Locking;

/// <summary>The exceptions of this assembly, out of line, with messages that name the value and the rule.</summary>
internal static class HoldErrors
{
    private const int MaxBlockers = 4;

    internal static void ThrowIfNotKind(HoldKind kind)
    {
        if (!ConflictTable.IsKind(kind))
        {
            throw new ArgumentOutOfRangeException(nameof(kind), kind, "A hold has exactly one kind: Read, Write, Immutable or Exclusive.");
        }
    }

    internal static long CheckLength(long length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        return length;
    }

    /// <summary>The exception for a refused take.</summary>
    internal static Exception For(TakeStatus status, HoldDomain domain, HoldKind kind, long word) => status switch
    {
        TakeStatus.Retired => Retired(domain),
        TakeStatus.Unsupported => Unsupported(domain, kind),
        TakeStatus.Reserved => Reserved(domain, kind, Whole(domain)),
        TakeStatus.Full => new BufferException($"Too many holds on {domain.Describe()}: the limit is {HoldWord.MaxHolds:N0}."),
        _ => Conflict(domain, kind, word, Whole(domain)),
    };

    internal static BufferConflictException Reserved(HoldDomain domain, HoldKind kind, in RangeRequest request) => new(
        $"{Wanted(domain, kind, request)} refused: it is reserved for one who has waited too long already.",
        kind,
        request.Start,
        request.Length,
        domain.Snapshot(),
        []);

    internal static BufferException TooManyWaiters(int limit) => new($"Too many wait already: the lock manager's limit is {limit:N0}.");

    internal static TimeoutException WaitTimedOut() => new("The time to wait for the hold is over.");

    internal static ArgumentOutOfRangeException TimeoutOutside(TimeSpan timeout) => new(
        nameof(timeout), timeout, "The time to wait is from 0 to 49 days, or Timeout.InfiniteTimeSpan.");

    internal static ObjectDisposedException Retired(HoldDomain domain) =>
        new(domain.GetType().Name, $"{domain.Describe()} has been disposed or retired and gives out no new holds.");

    internal static ObjectDisposedException Resized(HoldDomain domain) =>
        new("slice", $"{domain.Describe()} has been resized since the slice was made: make a new one.");

    internal static BufferException TooManySizes(HoldDomain domain) =>
        new($"{domain.Describe()} has been resized {int.MaxValue:N0} times, after which older slices could not be told from newer ones.");

    internal static void CheckRange(long start, long length, long limit)
    {
        if (start < 0 || start > limit)
        {
            throw new ArgumentOutOfRangeException(nameof(start), start, $"The first byte is from 0 to the length, {limit}.");
        }

        if (length < 0 || length > limit - start)
        {
            throw new ArgumentOutOfRangeException(
                nameof(length), length, $"The number of bytes from {start} on is from 0 to {limit - start}, of {limit} in all.");
        }
    }

    internal static ArgumentOutOfRangeException SplitOutside(long at, long length) =>
        new(nameof(at), at, $"A hold is split at a place from 0 to its length, {length}.");

    internal static BufferException NotExclusive(string operation, HoldKind kind) =>
        new($"{operation} needs an Exclusive hold; this one is {kind}.");

    internal static ObjectDisposedException Released(HoldKind kind) =>
        new(kind == HoldKind.None ? "hold" : $"{kind} hold", "The hold has been released, consumed, or was never taken.");

    internal static BufferException Unsupported(HoldDomain domain, HoldKind kind) => new(
        $"{kind} is not supported by {domain.Describe()}, which supports {domain.SupportedKinds}.");

    internal static BufferException ExclusiveNotShared() =>
        new("An Exclusive hold is never shared. Split it, downgrade it, or work on parts of its span.");

    /// <summary>The exception for a hold that could not be consumed to change it.</summary>
    internal static Exception NotConsumed(TakeStatus status, HoldKind kind, string change, HoldDomain? domain) => status switch
    {
        TakeStatus.Conflict => InUse(change, domain!),
        TakeStatus.Raced => new BufferException($"{change} refused: another thread is changing this very hold through a copy of it."),
        _ => Released(kind),
    };

    private static BufferConflictException InUse(string change, HoldDomain domain)
    {
        HoldSnapshot snapshot = domain.Snapshot();
        return new BufferConflictException(
            $"{change} refused: a scope or pin of the Exclusive hold is open, whose user may still write.",
            HoldKind.None,
            0,
            domain.ByteLength,
            snapshot,
            Blockers(domain, snapshot, HoldKind.Exclusive, Whole(domain)));
    }

    internal static BufferException TooManyUses(int limit) => new($"Too many scopes and pins of one hold are open: the limit is {limit}.");

    internal static ArgumentOutOfRangeException NotADowngrade(HoldKind from, HoldKind kind) => new(
        nameof(kind),
        kind,
        $"{from} cannot be weakened to {kind}: Exclusive can to Write, Immutable or Read; Write and Immutable to Read.");

    internal static ArgumentOutOfRangeException NotAnUpgrade(HoldKind from, HoldKind kind) => new(
        nameof(kind),
        kind,
        $"{from} cannot be upgraded to {kind}: Read can to Write, Immutable or Exclusive; "
        + "Write and Immutable to each other or Exclusive.");

    internal static BufferConflictException ResizeRefused(HoldDomain domain, long newLength, long word)
    {
        HoldSnapshot snapshot = domain.SnapshotOf(word);
        return new BufferConflictException(
            $"Resize of {domain.Describe()} to {newLength} refused: {Describe(snapshot, ConflictTable.EveryKind)}. "
            + "Only a region without other holds can be resized.",
            HoldKind.None,
            0,
            domain.ByteLength,
            snapshot,
            Blockers(domain, snapshot, ConflictTable.EveryKind, Whole(domain)));
    }

    /// <summary>Such as "2 Immutable and 1 Read hold are active", of the holds whose kinds are in the set.</summary>
    internal static string Describe(HoldSnapshot snapshot, HoldKind kinds)
    {
        List<(int Count, string Name)> parts = [];
        foreach ((HoldKind kind, int count) in Counts(snapshot))
        {
            if (count > 0 && (kinds & kind) != 0)
            {
                parts.Add((count, kind.ToString()));
            }
        }

        if (snapshot.RangedHolds > 0 && kinds == ConflictTable.EveryKind)
        {
            parts.Add((snapshot.RangedHolds, "ranged"));
        }

        if (parts.Count == 0)
        {
            return "a conflicting hold was active that has ended meanwhile";
        }

        string list = string.Join(", ", parts.Take(parts.Count - 1).Select(static part => $"{part.Count} {part.Name}"));
        (int last, string name) = parts[^1];
        list += (list.Length > 0 ? " and " : string.Empty) + $"{last} {name} hold{(last == 1 ? string.Empty : "s")}";
        return list + (parts.Count == 1 && last == 1 ? " is active" : " are active");
    }

    internal static string Holds(int count) => count == 1 ? "1 hold" : $"{count} holds";

    internal static BufferConflictException Conflict(HoldDomain domain, HoldKind kind, long word, in RangeRequest request)
    {
        HoldSnapshot snapshot = domain.SnapshotOf(word);
        HoldKind blocking = ConflictTable.With(ConflictTable.Index(kind));
        List<HoldInfo> blockers = Blockers(domain, snapshot, blocking, request);
        return new BufferConflictException(
            $"{Wanted(domain, kind, request)} refused: {Describe(snapshot, blocking, blockers)}.", kind, request.Start, request.Length, snapshot, blockers);
    }

    private static string Wanted(HoldDomain domain, HoldKind kind, in RangeRequest request) =>
        request.Length == domain.ByteLength ? $"{kind}" : $"{kind} of {Range(request.Start, request.Length)}";

    // As Describe of a snapshot, with the ranges of what is held in part.
    private static string Describe(HoldSnapshot snapshot, HoldKind kinds, List<HoldInfo> blockers)
    {
        int wholes = WholeBlockers(snapshot, kinds);
        string counted = Describe(snapshot with { RangedHolds = 0 }, kinds);
        if (blockers.Count == wholes)
        {
            return counted;
        }

        string parts = string.Join(", ", blockers.Skip(wholes).Select(static part => $"{part.Kind} of {Range(part.Start, part.Length)}"));
        string are = blockers.Count - wholes == 1 ? "is" : "are";
        return wholes > 0 ? $"{counted}, and so {are} {parts}" : $"{parts} {are} active";
    }

    private static string Range(long start, long length) => $"[{start}, {start + length})";

    private static RangeRequest Whole(HoldDomain domain) => new(0, domain.ByteLength, domain.Size);

    // How many of the blockers are on the whole domain: they come first.
    private static int WholeBlockers(HoldSnapshot snapshot, HoldKind kinds) =>
        Math.Min(MaxBlockers, Counts(snapshot).Where(entry => (entry.Kind & kinds) != 0).Sum(static entry => entry.Count));

    private static List<HoldInfo> Blockers(HoldDomain domain, HoldSnapshot snapshot, HoldKind kinds, in RangeRequest request)
    {
        List<HoldInfo> blockers = [];
        foreach ((HoldKind kind, int count) in Counts(snapshot))
        {
            for (int i = 0; (kinds & kind) != 0 && i < count && blockers.Count < MaxBlockers; i++)
            {
                blockers.Add(new HoldInfo { Kind = kind, Length = domain.ByteLength });
            }
        }

        Span<RangeEntry> parts = stackalloc RangeEntry[MaxBlockers - blockers.Count];
        int found = domain.CopyParts(parts, kinds, request.Start, request.End);
        foreach (ref readonly RangeEntry part in parts[..Math.Min(found, parts.Length)])
        {
            blockers.Add(part.ToInfo());
        }

        return blockers;
    }

    // Strongest first.
    private static IEnumerable<(HoldKind Kind, int Count)> Counts(HoldSnapshot snapshot) =>
    [
        (HoldKind.Exclusive, snapshot.IsExclusive ? 1 : 0),
        (HoldKind.Immutable, snapshot.Immutables),
        (HoldKind.Write, snapshot.Writers),
        (HoldKind.Read, snapshot.Readers),
    ];
}
