using FastBuffers.Locking;

namespace FastBuffers.Testing;

/// <summary>A hold in the model: a kind and the bytes from Start to End. An appender has those from its frontier, Start, on.</summary>
internal sealed class ModelHold(HoldModel model, HoldKind kind, int start, int end)
{
    internal HoldModel Model => model;

    internal HoldKind Kind => kind;

    internal int Start { get; set; } = start;

    internal int End => end;

    internal int Length => end - Start;

    internal bool IsAppender { get; init; }

    /// <summary>Whether its token has not been released or consumed.</summary>
    internal bool IsLive { get; set; } = true;

    /// <summary>The open scopes and pins of an Exclusive hold, which put its end off.</summary>
    internal int Uses { get; set; }

    /// <summary>The Exclusive hold that this is a use of.</summary>
    internal ModelHold? UseOf { get; init; }

    internal bool IsWhole => Start == 0 && end == model.Length && !IsAppender;

    internal bool IsWritable => kind is HoldKind.Write or HoldKind.Exclusive;

    /// <summary>What it is for those who want to hold the same bytes: below its frontier an appender is a holder of Immutable.</summary>
    internal IEnumerable<HoldInfo> Parts => !IsAppender ? [Info] : [Info, new HoldInfo { Kind = HoldKind.Immutable, Length = Start }];

    internal HoldInfo Info => new() { Kind = kind, Start = Start, Length = Length };

    internal bool Blocks(HoldKind wanted, int wantedStart, int wantedEnd) =>
        Blocks(kind, Start, end, wanted, wantedStart, wantedEnd)
        || (IsAppender && Blocks(HoldKind.Immutable, 0, Start, wanted, wantedStart, wantedEnd));

    private static bool Blocks(HoldKind held, int heldStart, int heldEnd, HoldKind wanted, int wantedStart, int wantedEnd) =>
        Math.Max(heldStart, wantedStart) < Math.Min(heldEnd, wantedEnd) && Kinds.Conflict(held, wanted);
}
