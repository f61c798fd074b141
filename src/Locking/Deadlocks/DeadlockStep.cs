namespace FastBuffers.Locking;

/// <summary>One owner of a <see cref="DeadlockException.Cycle"/>: what it waits for, and which other one has that.</summary>
public sealed class DeadlockStep
{
    private readonly string _domain;

    internal DeadlockStep(HoldOwner owner, HoldDomain domain, HoldInfo wanted, HoldOwner blocker, HoldInfo blocking, bool isAhead)
    {
        Owner = owner;
        Domain = domain;
        Wanted = wanted;
        Blocker = blocker;
        Blocking = blocking;
        IsBlockerWaiting = isAhead;
        _domain = domain.Describe();
    }

    /// <summary>Who waits.</summary>
    public HoldOwner Owner { get; }

    /// <summary>The tracker or region that it waits for.</summary>
    public HoldDomain Domain { get; }

    /// <summary>What it wants of that; with the stack of the wait, when the domain traces its holds.</summary>
    public HoldInfo Wanted { get; }

    /// <summary>Who is in its way: the owner of the next step, or of the first one.</summary>
    public HoldOwner Blocker { get; }

    /// <summary>The hold that is in its way, with age and stack when the domain traces its holds; or the one that is waited for before it.</summary>
    public HoldInfo Blocking { get; }

    /// <summary>Whether the blocker waits for that hold too, and came first.</summary>
    public bool IsBlockerWaiting { get; }

    /// <summary>Who waits for what, and who has it, on one line.</summary>
    /// <returns>A sentence without its end.</returns>
    public override string ToString() =>
        $"{Owner} waits for {Describe(Wanted)} of {_domain}, "
        + (IsBlockerWaiting ? $"behind {Blocker}, which waits for {Describe(Blocking)} of it" : $"where {Blocker} has {Describe(Blocking)}");

    /// <summary>The same, with the stacks that are known, on lines of their own.</summary>
    internal string ToText() =>
        ToString() + "." + Stack("The wait began:", Wanted.Stack) + Stack(IsBlockerWaiting ? "The other wait began:" : "Held since:", Blocking.Stack);

    private static string Describe(HoldInfo hold) => $"{hold.Kind} of [{hold.Start}, {hold.Start + hold.Length})";

    private static string Stack(string title, string? stack) =>
        stack is null ? string.Empty : Environment.NewLine + title + Environment.NewLine + stack;
}
