using FastBuffers.Bench.Contenders;
using FastBuffers.Bench.Peers;
using FastBuffers.Locking;

namespace FastBuffers.Bench.Gate;

/// <summary>The numbers to reach, all in one place. A new row is a line here and a contender in a file of its own.</summary>
internal static class Targets
{
    public static IReadOnlyList<Target> All { get; } =
    [
        new("S1.read", "scoped Read hold: in, touch, out", () => new ScopedRead(),
            "ReaderWriterLockSlim read", () => new ReaderWriterLockSlimRead(), MaxRatio: 0.85),
        new("S1.immutable", "scoped Immutable hold: in, touch, out", () => new ScopedImmutable(),
            "ReaderWriterLockSlim read", () => new ReaderWriterLockSlimRead(), MaxRatio: 0.85),
        new("S3.exclusive", "scoped Exclusive hold: in, touch, out", () => new ScopedExclusive(),
            "ReaderWriterLockSlim write", () => new ReaderWriterLockSlimWrite(), MaxRatio: 0.55),
        new("S8.first", "Immutable lease, first sharer", () => new ImmutableLease(shared: false),
            "DotNext AsyncReaderWriterLock", () => new DotNextRead(shared: false), MaxRatio: 0.35, MaxBytes: 0),
        new("S8.further", "Immutable lease, further sharer", () => new ImmutableLease(shared: true),
            "DotNext AsyncReaderWriterLock", () => new DotNextRead(shared: true), MaxRatio: 0.55, MaxBytes: 0),
        new("S9.0", "ranged Exclusive hold, no other range", () => new RangedExclusive(0),
            "scoped Exclusive hold of the region", () => new ScopedExclusive(), MaxRatio: 3, MaxBytes: 0),
        new("S9.8", "ranged Exclusive hold, 8 other ranges", () => new RangedExclusive(8),
            "the same with no other range", () => new RangedExclusive(0), MaxRatio: 2.5, MaxBytes: 0),
        new("S9.1000", "ranged Exclusive hold, 1,000 other ranges", () => new RangedExclusive(1_000),
            "the same with no other range", () => new RangedExclusive(0), MaxRatio: 6, MaxBytes: 0),
        new("S9.10000", "ranged Exclusive hold, 10,000 other ranges", () => new RangedExclusive(10_000),
            "the same with no other range", () => new RangedExclusive(0), MaxRatio: 9, MaxBytes: 0),

        new("A1.read", "scoped Read hold", () => new ScopedRead(), MaxBytes: 0),
        new("A1.write", "scoped Write hold", () => new ScopedWrite(), MaxBytes: 0),
        new("A1.immutable", "scoped Immutable hold", () => new ScopedImmutable(), MaxBytes: 0),
        new("A1.exclusive", "scoped Exclusive hold", () => new ScopedExclusive(), MaxBytes: 0),
        new("A2.read", "Read lease, span", () => new LeasesHere(HoldKind.Read), MaxBytes: 0),
        new("A2.write", "Write lease, span", () => new LeasesHere(HoldKind.Write), MaxBytes: 0),
        new("A2.immutable", "Immutable lease, span", () => new LeasesHere(HoldKind.Immutable), MaxBytes: 0),
        new("A2.exclusive", "Exclusive lease, span", () => new LeasesHere(HoldKind.Exclusive), MaxBytes: 0),
        new("A3.read", "Read lease, disposed elsewhere", () => new LeasesHandedOver(HoldKind.Read), MaxBytes: 0),
        new("A3.write", "Write lease, disposed elsewhere", () => new LeasesHandedOver(HoldKind.Write), MaxBytes: 0),
        new("A3.immutable", "Immutable lease, disposed elsewhere", () => new LeasesHandedOver(HoldKind.Immutable), MaxBytes: 0),
        new("A3.exclusive", "Exclusive lease, disposed elsewhere", () => new LeasesHandedOver(HoldKind.Exclusive), MaxBytes: 0),
        new("A4.first", "Immutable lease, memory asked twice", () => new LeaseMemory(HoldKind.Immutable, shared: false), MaxBytes: 48),
        new("A4.further", "further Immutable lease, the same", () => new LeaseMemory(HoldKind.Immutable, shared: true), MaxBytes: 48),
        new("A4.exclusive", "Exclusive lease, the same", () => new LeaseMemory(HoldKind.Exclusive, shared: false), MaxBytes: 48),
        new("A5.region", "region, with a lease of each kind", () => new RegionUse(), MaxBytes: 128),
    ];
}
