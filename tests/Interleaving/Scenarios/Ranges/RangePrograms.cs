namespace FastBuffers.Interleaving.Scenarios;

/// <summary>What pairs and triples are made of.</summary>
internal static class RangePrograms
{
    /// <summary>What is done to the whole, each class once.</summary>
    public static RangeProgram[] Wholes { get; } =
    [
        RangeProgram.Take(HoldKind.Read),
        RangeProgram.Take(HoldKind.Immutable),
        RangeProgram.Take(HoldKind.Exclusive),
        RangeProgram.Take(HoldKind.Read).Scoped(),
        RangeProgram.Take(HoldKind.Exclusive).Scoped(),
        RangeProgram.Release(HoldKind.Read),
        RangeProgram.Release(HoldKind.Exclusive).Scoped(),
        RangeProgram.Upgrade(HoldKind.Read, 0, 16, HoldKind.Exclusive),
        RangeProgram.Upgrade(HoldKind.Write, 0, 16, HoldKind.Immutable),
        RangeProgram.Downgrade(HoldKind.Exclusive, 0, 16, HoldKind.Read),
        RangeProgram.Downgrade(HoldKind.Write, 0, 16, HoldKind.Read),
        RangeProgram.Share(HoldKind.Read, 0, 16, HoldKind.Read, 0, 16),
        RangeProgram.Share(HoldKind.Write, 0, 16, HoldKind.Read, 2, 6),
        RangeProgram.Split(0, 16, 8),
        RangeProgram.Split(0, 16, 0),
        RangeProgram.Join(0, 8, 16),
        RangeProgram.Use(0, 16),
        RangeProgram.FreezeHeld(),
        RangeProgram.Plain(CallKind.Freeze),
        RangeProgram.Plain(CallKind.Retire),
        RangeProgram.Plain(CallKind.Free),
        RangeProgram.Resize(8),
    ];

    /// <summary>What is done to parts, each class once.</summary>
    public static RangeProgram[] Parts { get; } =
    [
        RangeProgram.Take(HoldKind.Read, 0, 4),
        RangeProgram.Take(HoldKind.Exclusive, 0, 4),
        RangeProgram.Take(HoldKind.Exclusive, 3, 5).Scoped(),
        RangeProgram.Take(HoldKind.Exclusive, 4, 4),
        RangeProgram.TakeSlice(HoldKind.Read),
        RangeProgram.Release(HoldKind.Read, 0, 4),
        RangeProgram.Release(HoldKind.Exclusive, 0, 4).Scoped(),
        RangeProgram.Release(HoldKind.Exclusive, 4, 4),
        RangeProgram.Upgrade(HoldKind.Read, 0, 4, HoldKind.Exclusive),
        RangeProgram.Upgrade(HoldKind.Write, 0, 4, HoldKind.Immutable),
        RangeProgram.Downgrade(HoldKind.Exclusive, 0, 4, HoldKind.Read),
        RangeProgram.Share(HoldKind.Write, 0, 8, HoldKind.Read, 2, 4),
        RangeProgram.Split(0, 8, 4),
        RangeProgram.Join(0, 4, 8),
        RangeProgram.Use(0, 4),
        RangeProgram.Append(4),
        RangeProgram.Publish(4, 4),
    ];

    /// <summary>What makes a domain a ranged one.</summary>
    public static RangeProgram[] Entering { get; } =
    [
        RangeProgram.Take(HoldKind.Read, 0, 4).Scoped(),
        RangeProgram.Take(HoldKind.Exclusive, 3, 5),
        RangeProgram.Take(HoldKind.Exclusive, 4, 4),
        RangeProgram.Split(0, 16, 8),
        RangeProgram.Share(HoldKind.Write, 0, 16, HoldKind.Read, 2, 6),
        RangeProgram.Append(4),
    ];

    /// <summary>What triples are made of.</summary>
    public static RangeProgram[] Basic { get; } =
    [
        RangeProgram.Take(HoldKind.Exclusive, 0, 4).Scoped(),
        RangeProgram.Take(HoldKind.Read, 2, 6).Scoped(),
        RangeProgram.Take(HoldKind.Exclusive).Scoped(),
        RangeProgram.Take(HoldKind.Read),
        RangeProgram.Release(HoldKind.Exclusive, 3, 8).Scoped(),
        RangeProgram.Plain(CallKind.Retire),
    ];

    /// <summary>What can be done to one and the same hold, a line for each such hold.</summary>
    public static RangeProgram[][] OfOneHold { get; } =
    [
        [
            RangeProgram.Release(HoldKind.Read, 0, 8),
            RangeProgram.Upgrade(HoldKind.Read, 0, 8, HoldKind.Exclusive),
            RangeProgram.Upgrade(HoldKind.Read, 0, 8, HoldKind.Write),
            RangeProgram.Share(HoldKind.Read, 0, 8, HoldKind.Read, 2, 4),
            RangeProgram.Share(HoldKind.Read, 0, 8, HoldKind.Read, 4, 4),
        ],
        [
            RangeProgram.Release(HoldKind.Write, 0, 8),
            RangeProgram.Upgrade(HoldKind.Write, 0, 8, HoldKind.Exclusive),
            RangeProgram.Upgrade(HoldKind.Write, 0, 8, HoldKind.Immutable),
            RangeProgram.Downgrade(HoldKind.Write, 0, 8, HoldKind.Read),
            RangeProgram.Share(HoldKind.Write, 0, 8, HoldKind.Write, 2, 4),
        ],
        [
            RangeProgram.Release(HoldKind.Write),
            RangeProgram.Downgrade(HoldKind.Write, 0, 16, HoldKind.Read),
            RangeProgram.Share(HoldKind.Write, 0, 16, HoldKind.Write, 0, 16),
            RangeProgram.Share(HoldKind.Write, 0, 16, HoldKind.Write, 2, 4),
        ],
        [
            RangeProgram.Downgrade(HoldKind.Write, 0, 16, HoldKind.Read).Ticketed(),
            RangeProgram.Share(HoldKind.Write, 0, 16, HoldKind.Write, 0, 16).Ticketed(),
            RangeProgram.Share(HoldKind.Write, 0, 16, HoldKind.Write, 2, 4).Ticketed(),
        ],
        [
            RangeProgram.Release(HoldKind.Exclusive, 0, 8),
            RangeProgram.Downgrade(HoldKind.Exclusive, 0, 8, HoldKind.Read),
            RangeProgram.Split(0, 8, 4),
            RangeProgram.Split(0, 8, 8),
            RangeProgram.Use(0, 8),
        ],
        [
            RangeProgram.Release(HoldKind.Exclusive),
            RangeProgram.Downgrade(HoldKind.Exclusive, 0, 16, HoldKind.Read),
            RangeProgram.FreezeHeld(),
            RangeProgram.Split(0, 16, 8),
            RangeProgram.Use(0, 16),
        ],
    ];
}
