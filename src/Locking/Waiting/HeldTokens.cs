namespace FastBuffers.Locking;

/// <summary>Several holds of one domain that were taken at once, in the order in which they were asked for.</summary>
internal readonly struct HeldTokens : IHoldResult<HeldTokens>
{
    private HeldTokens(HoldToken[] tokens) => Tokens = tokens;

    internal HoldToken[] Tokens { get; }

    static HeldTokens IHoldResult<HeldTokens>.Of(HoldWaiter waiter) => new(waiter.Tokens!);

    static HeldTokens IHoldResult<HeldTokens>.Of(HoldToken token) => new([token]);
}
