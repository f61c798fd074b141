using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using FastBuffers.Bench.Gate;

namespace FastBuffers.Bench.Suites.Holds;

/// <summary>The four scoped holds, in + touch + out on a fresh region, beside the locks of the base library.</summary>
[MemoryDiagnoser]
[GroupBenchmarksBy(BenchmarkLogicalGroupRule.ByCategory)]
[CategoriesColumn]
public class ScopedHoldBenchmarks
{
    private readonly byte[] _bytes = new byte[4096];
    private readonly ReaderWriterLockSlim _readerWriterLock = new();
    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _semaphore = new(1);
    private readonly Region _region = Region.Allocate(4096);

    [GlobalCleanup]
    public void Cleanup()
    {
        _readerWriterLock.Dispose();
        _semaphore.Dispose();
        _region.Dispose();
    }

    [Benchmark(Baseline = true), BenchmarkCategory("read")]
    public int ReaderWriterLockSlimRead()
    {
        _readerWriterLock.EnterReadLock();
        try
        {
            return Touch.Read(_bytes);
        }
        finally
        {
            _readerWriterLock.ExitReadLock();
        }
    }

    [Benchmark, BenchmarkCategory("read")]
    public int Read()
    {
        using ReadHold hold = _region.HoldRead();
        return Touch.Read(hold.Span);
    }

    [Benchmark, BenchmarkCategory("read")]
    public int Immutable()
    {
        using ImmutableHold hold = _region.HoldImmutable();
        return Touch.Read(hold.Span);
    }

    [Benchmark(Baseline = true), BenchmarkCategory("write")]
    public void ReaderWriterLockSlimWrite()
    {
        _readerWriterLock.EnterWriteLock();
        try
        {
            Touch.Write(_bytes);
        }
        finally
        {
            _readerWriterLock.ExitWriteLock();
        }
    }

    [Benchmark, BenchmarkCategory("write")]
    public void Lock()
    {
        lock (_lock)
        {
            Touch.Write(_bytes);
        }
    }

    [Benchmark, BenchmarkCategory("write")]
    public void SemaphoreSlim()
    {
        _semaphore.Wait();
        try
        {
            Touch.Write(_bytes);
        }
        finally
        {
            _semaphore.Release();
        }
    }

    [Benchmark, BenchmarkCategory("write")]
    public void Write()
    {
        using WriteHold hold = _region.HoldWrite();
        Touch.Write(hold.Span);
    }

    [Benchmark, BenchmarkCategory("write")]
    public void Exclusive()
    {
        using ExclusiveHold hold = _region.HoldExclusive();
        Touch.Write(hold.Span);
    }
}
