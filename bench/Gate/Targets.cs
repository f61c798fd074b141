using System.Buffers;
using FastBuffers.Bench.Buffers;
using FastBuffers.Bench.Contenders;
using FastBuffers.Bench.Peers;
using FastBuffers.Bench.Pipes;
using FastBuffers.Bench.Workloads;
using FastBuffers.Locking;

namespace FastBuffers.Bench.Gate;

/// <summary>The numbers to reach, all in one place. A new row is a line here and a contender in a file of its own.</summary>
internal static class Targets
{
    private const int Kilo = 1024;
    private const int Mega = 1024 * Kilo;

    /// <summary>The limit of a pool whose every return is one locked instruction; 1.1 is for one that knows its own thread's buffers.</summary>
    private const double RentedHereLimit = 1.55;

    /// <summary>
    /// The rows that miss their limits so far, or now and then; docs/benchmarks.md says by how much. The full gate fails for them. A smoke run, which is to
    /// find what a change has broken, leaves them out unless they are asked for. S2 is one that two processors miss when they are two threads of one core:
    /// a smoke run compares with two threads that share nothing (S2.*.apart).
    /// </summary>
    public static IReadOnlySet<string> NotReached { get; } =
        new HashSet<string>
        {
            "S1.read.mostly", "S1.immutable.mostly", "S2.read", "S2.immutable", "S4.memory", "S5.64", "S6.256", "S6.4K", "S6.64K", "S7.64", "S7.1K", "S7.4K",
            "S7.64K", "S7.1M", "S7.4M", "S7.64K.mimalloc", "S10.exclusive",
        };

    // Leases come before rentals: the runtime compiles what both use for those that are measured first.
    public static IReadOnlyList<Target> All { get; } =
    [
        new("S1.read", "scoped Read hold of a fresh region: in, touch, out", () => ScopedShared.Read(fresh: true),
            "ReaderWriterLockSlim read", () => new ReaderWriterLockSlimRead(), MaxRatio: 0.85),
        new("S1.immutable", "scoped Immutable hold of a fresh region: in, touch, out", () => ScopedShared.Immutable(fresh: true),
            "ReaderWriterLockSlim read", () => new ReaderWriterLockSlimRead(), MaxRatio: 0.85),
        new("S1.read.mostly", "the same of a region that is mostly read", () => ScopedShared.Read(fresh: false),
            "ReaderWriterLockSlim read", () => new ReaderWriterLockSlimRead(), MaxRatio: 0.3, MaxBytes: 0),
        new("S1.immutable.mostly", "the same of a region that is mostly read", () => ScopedShared.Immutable(fresh: false),
            "ReaderWriterLockSlim read", () => new ReaderWriterLockSlimRead(), MaxRatio: 0.3, MaxBytes: 0),
        new("S2.read", "scoped Read holds of one region, mostly read, by 2 threads", () => ScopedShared.Read(fresh: false, threads: 2),
            "by 1 thread", () => ScopedShared.Read(fresh: false), MaxRatio: 1 / 1.8, MaxBytes: 0, ProcessorTime: true),
        new("S2.immutable", "scoped Immutable holds of one region, mostly read, by 2 threads", () => ScopedShared.Immutable(fresh: false, threads: 2),
            "by 1 thread", () => ScopedShared.Immutable(fresh: false), MaxRatio: 1 / 1.8, MaxBytes: 0, ProcessorTime: true),
        new("S2.read.apart", "scoped Read holds of one region, mostly read, by 2 threads", () => ScopedShared.Read(fresh: false, threads: 2),
            "of a region each", () => ScopedShared.Read(fresh: false, threads: 2, apart: true), MaxRatio: 2 / 1.8, MaxBytes: 0, ProcessorTime: true),
        new("S2.immutable.apart", "scoped Immutable holds of one region, mostly read, by 2 threads", () => ScopedShared.Immutable(fresh: false, threads: 2),
            "of a region each", () => ScopedShared.Immutable(fresh: false, threads: 2, apart: true), MaxRatio: 2 / 1.8, MaxBytes: 0, ProcessorTime: true),
        Switched("S1.never", "mostly read, never written"),
        Switched("S1.10ms", "mostly read, written every 10 ms", betweenWrites: TimeSpan.FromMilliseconds(10)),
        Switched("S1.100", "mostly read, written every 100 reads", readsPerWrite: 100),
        new("S3.exclusive", "scoped Exclusive hold: in, touch, out", () => new ScopedExclusive(),
            "ReaderWriterLockSlim write", () => new ReaderWriterLockSlimWrite(), MaxRatio: 0.55),
        new("S8.first", "Immutable lease, first sharer", () => new ImmutableLease(shared: false),
            "DotNext AsyncReaderWriterLock", () => new DotNextRead(shared: false), MaxRatio: 0.35, MaxBytes: 0),
        new("S8.mostly", "Immutable lease of a region that is only read, by leases", () => new ImmutableLease(shared: false),
            "DotNext AsyncReaderWriterLock", () => new DotNextRead(shared: false), MaxRatio: 0.25, MaxBytes: 0),
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
        Waited("W1.disjoint", "on ranges of their own", disjoint: true),
        Waited("W1.same", "on that range", disjoint: false),
        Acquired("S10.immutable", HoldKind.Immutable),
        Acquired("S10.exclusive", HoldKind.Exclusive),
        new("D1.off", "AcquireAsync(Immutable), Dispose, of a HoldOwner, deadlocks not looked for", () => new OwnedAcquire(),
            "the same of nobody", () => new AcquiredLease(HoldKind.Immutable), MaxRatio: 1.05),
        new("G1.threads", "20 threads that want a region Exclusive and wait for it", () => new ManyWriters(20),
            "2 threads", () => new ManyWriters(2), MaxRatio: 1 / 0.7),
        new("S4.here", "Rent(4096), touch, Dispose", () => new RentedHere<PoolLeases, Lease>(4 * Kilo),
            "ArrayPool.Shared", () => new RentedHere<SharedArrays, SharedArray>(4 * Kilo), RentedHereLimit, MaxBytes: 0),
        new("S4.memory", "memory owner of 4 KiB: rented, touched, disposed", () => new OwnedMemory(RegionPool.Shared.AsMemoryPool(), 4 * Kilo),
            "MemoryPool.Shared", () => new OwnedMemory(MemoryPool<byte>.Shared, 4 * Kilo), MaxRatio: 1),
        AcrossAwait("S4b.await", "the same, await to another thread before Dispose", depth: 1),
        AcrossAwait("S4b.await16", "the same, 16 of them for each await", depth: 16),
        new("S5.64", "64 of 4 KiB rented, then returned", () => new RentedDeep<PoolLeases, Lease>(4 * Kilo, 64),
            "ArrayPool.Shared", () => new RentedDeep<SharedArrays, SharedArray>(4 * Kilo, 64), MaxRatio: 0.3, MaxBytes: 0),
        new("S5.1000", "1,000 of 4 KiB rented, then returned", () => new RentedDeep<PoolLeases, Lease>(4 * Kilo, 1_000),
            "ArrayPool.Shared", () => new RentedDeep<SharedArrays, SharedArray>(4 * Kilo, 1_000), MaxRatio: 0.3, MaxBytes: 0),
        HandedOver("S6.256", "256 B", 256, 0.2),
        HandedOver("S6.4K", "4 KiB", 4 * Kilo, 0.2),
        HandedOver("S6.64K", "64 KiB", 64 * Kilo, 0.3),
        AgainstNative("S7.64", "64 B", 64),
        AgainstNative("S7.1K", "1 KiB", Kilo),
        AgainstNative("S7.4K", "4 KiB", 4 * Kilo),
        AgainstNative("S7.64K", "64 KiB", 64 * Kilo),
        AgainstNative("S7.1M", "1 MiB", Mega),
        AgainstNative("S7.4M", "4 MiB", 4 * Mega),
        AgainstMimalloc("S7.4K.mimalloc", "4 KiB", 4 * Kilo),
        AgainstMimalloc("S7.64K.mimalloc", "64 KiB", 64 * Kilo),
        AgainstMimalloc("S7.1M.mimalloc", "1 MiB", Mega),
        AgainstMimalloc("S7.4M.mimalloc", "4 MiB", 4 * Mega),
        new("S11.256", "256 B written into a RegionPipe, flushed, read, consumed", () => PipeContenders.Here(ours: true, 256),
            "Pipe", () => PipeContenders.Here(ours: false, 256), MaxRatio: 0.35, MaxBytes: 48 * 256 / 4096),
        Streamed("S12.256", "256 B", 256, 1 / 2.0),
        Streamed("S12.4K", "4 KiB", 4 * Kilo, 1 / 1.7),
        Streamed("S12.64K", "64 KiB", 64 * Kilo, 1.0),
        new("S13.keep", "64 KiB through a RegionPipe, retained", () => new KeptMessages(64 * Kilo),
            "copied to ArrayPool memory, no pipe", () => new CopiedMessages(64 * Kilo), MaxRatio: 0.15),
        Broadcast("S14.distribute", "", sums: false, 1 / 10.0),
        Broadcast("S14.sum", " that sum the bytes", sums: true, 1 / 1.3),

        new("A1.read", "scoped Read hold", () => ScopedShared.Read(fresh: false), MaxBytes: 0),
        new("A1.write", "scoped Write hold", () => new ScopedWrite(), MaxBytes: 0),
        new("A1.immutable", "scoped Immutable hold", () => ScopedShared.Immutable(fresh: false), MaxBytes: 0),
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
        new("A6.64", "64 B rented, disposed", () => new RentedHere<PoolLeases, Lease>(64), MaxBytes: 0),
        new("A6.4K", "4 KiB rented, disposed", () => new RentedHere<PoolLeases, Lease>(4 * Kilo), MaxBytes: 0),
        new("A6.64K", "64 KiB rented, disposed", () => new RentedHere<PoolLeases, Lease>(64 * Kilo), MaxBytes: 0),
        new("A6.1M", "1 MiB rented, disposed", () => new RentedHere<PoolLeases, Lease>(Mega), MaxBytes: 0),
        new("A6.share", "rented, downgraded, shared, both disposed", () => new PooledSharing(4 * Kilo), MaxBytes: 0),
        new("A8.segment", "a segment of 4 KiB through a RegionPipe", () => PipeContenders.Here(ours: true, 4 * Kilo), MaxBytes: 48),
        new("A7.memory", "memory owner of 4 KiB rented, disposed", () => new OwnedMemory(RegionPool.Shared.AsMemoryPool(), 4 * Kilo), MaxBytes: 48),
    ];

    private static Target Switched(string id, string what, int readsPerWrite = 0, TimeSpan betweenWrites = default) =>
        new(id, what, () => new MostlyRead(biased: true, readsPerWrite, betweenWrites),
            "the same without a bias", () => new MostlyRead(biased: false, readsPerWrite, betweenWrites), MaxRatio: 1.1, MaxBytes: 0);

    private static Target Waited(string id, string where, bool disjoint) => new(
        id, $"a release serves the next of 10,000 waiters {where}", () => new WaitedRange(10_000, disjoint),
        "the same with 100 waiters", () => new WaitedRange(100, disjoint), MaxRatio: 9, MaxBytes: 0);

    private static Target Acquired(string id, HoldKind kind) => new(
        id, $"AcquireAsync({kind}), Dispose, uncontended", () => new AcquiredLease(kind),
        "SemaphoreSlim WaitAsync, Release", () => new SemaphoreSlimWait(), MaxRatio: 0.7, MaxBytes: 0);

    private static Target AcrossAwait(string id, string what, int depth) => new(
        id, what, () => new RentedAcrossAwait<PoolLeases, Lease>(4 * Kilo, depth),
        "ArrayPool.Shared", () => new RentedAcrossAwait<SharedArrays, SharedArray>(4 * Kilo, depth), MaxRatio: 1.5);

    private static Target HandedOver(string id, string size, int length, double maxRatio) => new(
        id, $"{size} rented here, returned by another thread", () => new RentedHandedOver<PoolLeases, Lease>(length),
        "ArrayPool.Shared", () => new RentedHandedOver<SharedArrays, SharedArray>(length), maxRatio, MaxBytes: 0);

    private static Target AgainstNative(string id, string size, int length) => new(
        id, $"{size} rented, touched, disposed", () => new RentedHere<PoolLeases, Lease>(length),
        "NativeMemory.Alloc, Free", () => new BusyHeap(new RentedHere<NativeBlocks, NativeBlock>(length), length), MaxRatio: 0.5, MaxBytes: 0);

    private static Target AgainstMimalloc(string id, string size, int length) => new(
        id, $"{size} rented, touched, disposed", () => new RentedHere<PoolLeases, Lease>(length),
        "mimalloc", () => new RentedHere<MimallocBlocks, NativeBlock>(length), MaxRatio: 1, MaxBytes: 0, Missing: MimallocBlocks.Missing);

    private static Target Streamed(string id, string size, int chunk, double maxRatio) => new(
        id, $"chunks of {size} through a RegionPipe by 2 threads", () => PipeContenders.Stream(ours: true, chunk),
        "Pipe", () => PipeContenders.Stream(ours: false, chunk), maxRatio);

    private static Target Broadcast(string id, string what, bool sums, double maxRatio) => new(
        id, $"64 KiB broadcast to 64 readers{what}", () => PipeContenders.Readers(ours: true, 64, 64 * Kilo, sums),
        "a Pipe and a copy each", () => PipeContenders.Readers(ours: false, 64, 64 * Kilo, sums), maxRatio);
}
