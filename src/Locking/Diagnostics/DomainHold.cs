namespace FastBuffers.Locking;

/// <summary>A hold, or the wish for one, and what it is on.</summary>
/// <param name="Domain">The tracker or region.</param>
/// <param name="Hold">Kind and range; <see cref="HoldInfo.Age"/> is for how long there is the hold, or the wait for it.</param>
public readonly record struct DomainHold(HoldDomain Domain, HoldInfo Hold);
