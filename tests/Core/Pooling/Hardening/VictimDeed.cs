namespace FastBuffers.Tests.Pooling.Hardening;

/// <summary>What a <see cref="Victim"/> does to a hardened rental.</summary>
public enum VictimDeed
{
    Nothing,
    WritesPastTheEnd,
    ReadsPastTheEnd,
    WritesBeforeThePages,
    WritesAfterReturn,
    ReadsAfterReturn,
    WritesUnderADowngradedHold,
    WritesUnderAFrozenRental,
    WritesUnderASharedHold,
    WritesUnderAHoldOfTheRegion,
    WritesUnderALateralUpgrade,
    DamagesTheCanaryBehind,
    DamagesTheCanaryBefore,
    DamagesTheCanaryOfAShortenedRental,
    WritesBeforeAShortenedRental,
}
