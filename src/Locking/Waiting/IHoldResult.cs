namespace FastBuffers.Locking;

/// <summary>What a wait that has ended with its hold gives to its caller.</summary>
/// <typeparam name="TSelf">The type itself.</typeparam>
internal interface IHoldResult<TSelf>
    where TSelf : struct, IHoldResult<TSelf>
{
    /// <summary>The result for a waiter that has ended with its hold, or holds.</summary>
    static abstract TSelf Of(HoldWaiter waiter);

    /// <summary>The result for a hold that was taken without waiting.</summary>
    static abstract TSelf Of(HoldToken token);
}
