namespace FastBuffers.Interleaving.Scenarios;

/// <summary>One operation of a program.</summary>
/// <param name="Kind">What it does.</param>
/// <param name="Argument">The kind of hold it asks for; for the others <c>None</c>.</param>
/// <param name="Hold">The hold it works on: those of a thread are next to each other.</param>
/// <param name="Result">The hold that it makes; what is made from a hold that stays is another one.</param>
/// <param name="Length">The length that a resize leads to, or the number of bytes to publish.</param>
internal readonly record struct TrackerCall(CallKind Kind, HoldKind Argument, int Hold, int Result, int Length = 0)
{
    /// <summary>The second hold that a join works on or a split makes.</summary>
    public int Other { get; init; } = -1;

    /// <summary>Whether it asks for a part of the domain.</summary>
    public bool IsPart { get; init; }

    /// <summary>The first byte of that part; where a split is.</summary>
    public int Start { get; init; }

    /// <summary>The end of that part.</summary>
    public int End { get; init; }

    /// <summary>The first byte of the hold it works on.</summary>
    public int Base { get; init; }

    /// <summary>Whether the hold is another thread's, which this one has a copy of from the start.</summary>
    public bool IsCopy { get; init; }

    /// <summary>Whether its hold ends with it, or goes on as others.</summary>
    public bool Ends => Kind is CallKind.Release or CallKind.EndResize or CallKind.Split or CallKind.Join
        || (Kind is CallKind.Upgrade or CallKind.Downgrade && Result != Hold);

    /// <summary>Whether it makes a hold another one, which may meet another call that does so to a copy.</summary>
    public bool IsConversion => Kind is CallKind.Upgrade or CallKind.Downgrade or CallKind.FreezeHeld or CallKind.Split or CallKind.Join;

    /// <summary>Whether it works on a hold, which may have ended.</summary>
    public bool NeedsHold => IsConversion || Kind is CallKind.Release or CallKind.Share or CallKind.Use or CallKind.Publish;

    /// <summary>Whether its hold is as it was afterwards.</summary>
    public bool Keeps => Kind is CallKind.Share or CallKind.Use;

    /// <summary>Whether it works on a certain hold.</summary>
    public bool WorksOn(int hold) => Hold == hold || (Kind == CallKind.Join && Other == hold);

    public override string ToString() => Kind switch
    {
        CallKind.BeginResize or CallKind.EndResize or CallKind.Publish => $"{Kind}({Length})",
        CallKind.Split => $"{Kind}({Start})",
        _ when IsPart => $"{Kind}({Argument} [{Start}, {End}))",
        _ when Argument == HoldKind.None => $"{Kind}",
        _ => $"{Kind}({Argument})",
    };
}
