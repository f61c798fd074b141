using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using DotNext.Threading;
using FastBuffers.Bench.Gate;
using FastBuffers.Locking;

namespace FastBuffers.Bench.Suites.Holds;

/// <summary>Leases, take + touch + dispose, beside an asynchronous lock: both may be released on another thread than they were taken on.</summary>
[MemoryDiagnoser]
[GroupBenchmarksBy(BenchmarkLogicalGroupRule.ByCategory)]
[CategoriesColumn]
public class LeaseBenchmarks
{
    /// <summary>In one call, so that the state machine of the awaiting method is not what is measured.</summary>
    private const int Operations = 1_000;

    private readonly byte[] _bytes = new byte[4096];
    private readonly AsyncReaderWriterLock _lock = new();
    private readonly Region _region = Region.Allocate(4096);
    private readonly Region _shared = Region.Allocate(4096);
    private Lease _other;

    [GlobalSetup]
    public void Setup() => _other = _shared.Take(HoldKind.Immutable);

    [GlobalCleanup]
    public void Cleanup()
    {
        _other.Dispose();
        _shared.Dispose();
        _region.Dispose();
        _lock.Dispose();
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Operations), BenchmarkCategory("read")]
    public async Task DotNextRead()
    {
        for (int i = 0; i < Operations; i++)
        {
            await _lock.EnterReadLockAsync();
            try
            {
                Touch.Read(_bytes);
            }
            finally
            {
                _lock.Release();
            }
        }
    }

    [Benchmark(OperationsPerInvoke = Operations), BenchmarkCategory("read")]
    public void Read() => TakeAndRead(_region, HoldKind.Read);

    [Benchmark(OperationsPerInvoke = Operations), BenchmarkCategory("read")]
    public void Immutable() => TakeAndRead(_region, HoldKind.Immutable);

    [Benchmark(OperationsPerInvoke = Operations), BenchmarkCategory("read")]
    public void ImmutableFurtherSharer() => TakeAndRead(_shared, HoldKind.Immutable);

    [Benchmark(Baseline = true, OperationsPerInvoke = Operations), BenchmarkCategory("write")]
    public async Task DotNextWrite()
    {
        for (int i = 0; i < Operations; i++)
        {
            await _lock.EnterWriteLockAsync();
            try
            {
                Touch.Write(_bytes);
            }
            finally
            {
                _lock.Release();
            }
        }
    }

    [Benchmark(OperationsPerInvoke = Operations), BenchmarkCategory("write")]
    public void Write() => TakeAndWrite(HoldKind.Write);

    [Benchmark(OperationsPerInvoke = Operations), BenchmarkCategory("write")]
    public void Exclusive() => TakeAndWrite(HoldKind.Exclusive);

    private static void TakeAndRead(Region region, HoldKind kind)
    {
        for (int i = 0; i < Operations; i++)
        {
            using Lease lease = region.Take(kind);
            Touch.Read(lease.ReadOnlySpan);
        }
    }

    private void TakeAndWrite(HoldKind kind)
    {
        for (int i = 0; i < Operations; i++)
        {
            using Lease lease = _region.Take(kind);
            Touch.Write(lease.Span);
        }
    }
}
