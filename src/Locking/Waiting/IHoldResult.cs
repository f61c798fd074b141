namespace FastBuffers.Locking;

/// <summary>What a wait that has ended with holds gives to its caller.</summary>
/// <typeparam name="TSelf">The type itself.</typeparam>
internal interface IHoldResult<TSelf>
    where TSelf : struct, IHoldResult<TSelf>
{
    /// <summary>The result for one hold.</summary>
    static abstract TSelf Of(HoldToken token);

    /// <summary>The result of a waiter that has ended with its holds.</summary>
    static virtual TSelf Of(HoldWaiter waiter) => TSelf.Of(waiter.Token);
}
