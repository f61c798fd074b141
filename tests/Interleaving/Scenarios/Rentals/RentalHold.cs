using FastBuffers.Interleaving.Engine;

namespace FastBuffers.Interleaving.Scenarios.Rentals;

/// <summary>A hold that was made, and what was done to it. What the threads note here only the checks at the end read.</summary>
internal sealed class RentalHold(ProbeBlock block, HoldToken token)
{
    /// <summary>The length of each rental.</summary>
    public const int Length = 64;

    private int _ends;

    public ProbeBlock Block => block;

    public HoldToken Token => token;

    /// <summary>What the bytes are while it is alive.</summary>
    public int Bytes { get; init; }

    /// <summary>Whether a rental began with it.</summary>
    public bool IsRental { get; init; }

    /// <summary>How many of those who wanted to end it were told that they had.</summary>
    public int Ends => _ends;

    /// <summary>Whether somebody was shown the block while the hold was alive.</summary>
    public bool IsExposed { get; set; }

    /// <summary>Whether it was changed or resized, so that the end of the rental has to close the domain.</summary>
    public bool IsChanged { get; set; }

    /// <summary>How many exposed the block when the hold had ended, or split it meanwhile: a rental may be closed for nothing.</summary>
    public int LateChanges { get; set; }

    /// <summary>A hold that was made from this one.</summary>
    public RentalHold Make(HoldToken made) => new(Block, made) { Bytes = Bytes };

    /// <summary>While the hold is alive: the bytes must be what its rental made them.</summary>
    public void LookAtBytes() => RentalScenario.Check(Volatile.Read(ref Block.Bytes) == Bytes, "The bytes were changed under a hold.");

    /// <summary>Adds what the checks will ask of it.</summary>
    public void AddTo(ref StateHash state)
    {
        state.Add(token.Value);
        state.Add((long)((_ends << 16) | (LateChanges << 8) | (IsExposed ? 1 : 0) | (IsChanged ? 2 : 0)));
    }

    /// <summary>Notes what the end of the hold, or a change that consumes it, has said.</summary>
    public void NoteEnd(bool ended) => _ends += ended ? 1 : 0;
}
