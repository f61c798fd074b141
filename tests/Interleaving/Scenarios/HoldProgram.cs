namespace FastBuffers.Interleaving.Scenarios;

/// <summary>
/// What one thread does: what it holds at the start, one operation, and then the release of whatever it holds. A program that works on
/// another's hold has a copy of that thread's token. A take by a thread that holds something begins with the release of that.
/// </summary>
/// <param name="Held">The hold at the start, or <c>None</c>.</param>
/// <param name="Kind">The operation; a lone release is the one at the end.</param>
/// <param name="Argument">The kind it asks for.</param>
/// <param name="OfThread">The thread whose hold a release ends, or a use uses, instead; or -1.</param>
internal sealed record HoldProgram(HoldKind Held, CallKind Kind, HoldKind Argument = HoldKind.None, int OfThread = -1)
{
    private static readonly HoldKind[] s_kinds = [HoldKind.Read, HoldKind.Write, HoldKind.Immutable, HoldKind.Exclusive];

    /// <summary>Whether the hold, or the take, is a scoped one.</summary>
    public bool IsScoped { get; init; }

    /// <summary>Whether the hold is released a second time.</summary>
    public bool ReleasesTwice { get; init; }

    /// <summary>The length to resize to.</summary>
    public int Length { get; init; }

    /// <summary>Every class of operation once: what triples are made of.</summary>
    public static HoldProgram[] Basic { get; } =
    [
        new(HoldKind.None, CallKind.Take, HoldKind.Read),
        new(HoldKind.None, CallKind.Take, HoldKind.Write),
        new(HoldKind.None, CallKind.Take, HoldKind.Immutable),
        new(HoldKind.None, CallKind.Take, HoldKind.Exclusive),
        new(HoldKind.Read, CallKind.Release),
        new(HoldKind.Read, CallKind.Upgrade, HoldKind.Exclusive),
        new(HoldKind.Exclusive, CallKind.Downgrade, HoldKind.Read),
        new(HoldKind.Immutable, CallKind.Share, HoldKind.Read),
        new(HoldKind.None, CallKind.Freeze),
        new(HoldKind.None, CallKind.Retire),
    ];

    /// <summary>Every class in all its kinds: what pairs are made of.</summary>
    public static HoldProgram[] All { get; } =
    [
        .. Basic,
        new(HoldKind.Write, CallKind.Release),
        new(HoldKind.Immutable, CallKind.Release),
        new(HoldKind.Exclusive, CallKind.Release),
        new(HoldKind.Read, CallKind.Upgrade, HoldKind.Write),
        new(HoldKind.Read, CallKind.Upgrade, HoldKind.Immutable),
        new(HoldKind.Write, CallKind.Upgrade, HoldKind.Immutable),
        new(HoldKind.Write, CallKind.Upgrade, HoldKind.Exclusive),
        new(HoldKind.Immutable, CallKind.Upgrade, HoldKind.Write),
        new(HoldKind.Immutable, CallKind.Upgrade, HoldKind.Exclusive),
        new(HoldKind.Exclusive, CallKind.Downgrade, HoldKind.Write),
        new(HoldKind.Exclusive, CallKind.Downgrade, HoldKind.Immutable),
        new(HoldKind.Write, CallKind.Downgrade, HoldKind.Read),
        new(HoldKind.Immutable, CallKind.Downgrade, HoldKind.Read),
        new(HoldKind.Read, CallKind.Share, HoldKind.Read),
        new(HoldKind.Write, CallKind.Share, HoldKind.Read),
        new(HoldKind.Exclusive, CallKind.FreezeHeld, HoldKind.Immutable),
        new(HoldKind.Exclusive, CallKind.Use, HoldKind.Exclusive),
        Free,
    ];

    /// <summary>Every scoped hold, taken at the start or as the operation.</summary>
    public static HoldProgram[] Scoped { get; } =
    [
        .. s_kinds.Select(kind => new HoldProgram(HoldKind.None, CallKind.Take, kind) { IsScoped = true }),
        .. s_kinds.Select(kind => new HoldProgram(kind, CallKind.Release) { IsScoped = true }),
    ];

    /// <summary>Closing if nothing is held.</summary>
    public static HoldProgram Free => new(HoldKind.None, CallKind.Free);

    /// <summary>Changing the length without a hold.</summary>
    public static HoldProgram Resize(int length) => new(HoldKind.None, CallKind.BeginResize, HoldKind.Exclusive) { Length = length };

    /// <inheritdoc/>
    public override string ToString()
    {
        string call = Kind == CallKind.BeginResize ? $"Resize {Length}" : Argument == HoldKind.None || Kind == CallKind.Use ? $"{Kind}" : $"{Kind} {Argument}";
        string scoped = IsScoped ? "scoped " : "";
        string twice = ReleasesTwice ? " twice" : "";
        return scoped + (OfThread >= 0 ? $"{call} of T{OfThread}" : Held == HoldKind.None ? call : $"{Held}: {call}") + twice;
    }
}
