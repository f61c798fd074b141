using System.Buffers;
using System.Runtime.CompilerServices;
using FastBuffers.Tests.Infrastructure;

namespace FastBuffers.Tests.Pooling.Model;

// What must be true between two steps, and of memory that was just rented.
internal sealed partial class PoolProgram
{
    private void Check()
    {
        _model.EndIdle();
        while (_model.Serve() is { } served)
        {
            Answer answer = served.End(out Lease lease);
            Same(Answer.Ok, answer, $"#{_holds.Count} = {served}");
            Begin(lease, served.Length, sensitive: false);
        }

        _model.EndStep();
        foreach (PoolWait wait in _model.Queue)
        {
            Assert.False(wait.Task.IsCompleted, $"{wait} was served out of turn.");
        }

        foreach (PoolHold hold in _holds)
        {
            hold.Check(all: false);
        }

        foreach (ModelRental rental in _holds.Select(static hold => hold.Of).Where(static rental => rental.Region is not null))
        {
            AssertEqual(rental.Holds.Snapshot(), rental.Region!.Snapshot(), "snapshot of a region");
            AssertEqual(rental.HasEnded, rental.Region.IsClosed, "end of a region");
        }

        CheckFigures();
    }

    private void CheckFigures()
    {
        RegionPoolStatistics seen = _pool.Statistics;
        AssertEqual(_model.RentedBytes, seen.RentedBytes, "rented bytes");
        AssertEqual((_model.Rents, _model.Returns, _model.Waits), (seen.Rents, seen.Returns, seen.Waits), "rents, returns, waits");
        AssertEqual((_model.DoubleReturns, 0, 0), (seen.DoubleReturns, seen.Leaks, seen.ArrayEscapes), "double returns, leaks, escapes");
        AssertEqual(seen.ReservedBytes, seen.RentedBytes + seen.CachedBytes, "rented and cached bytes");
        AssertEqual(true, seen.ReservedBytes <= _case.MaxBytes, $"within the limit, with {seen.ReservedBytes} bytes,");
        AssertEqual(true, _pool.Budget.Peak <= _case.MaxBytes, $"never over the limit, with {_pool.Budget.Peak} bytes,");
        long peak = seen.PeakRentedBytes;
        AssertEqual(true, peak >= _model.Peak.Least && peak <= _model.Peak.Most, $"a peak that was there, with {peak} bytes,");
        AssertEqual(true, seen.Misses <= seen.Rents, $"{seen.Misses} misses of {seen.Rents}");
        if (_model.IsDisposed)
        {
            AssertEqual((0, 0), (seen.CachedBytes, _time.Timers), "cached bytes, timers of a disposed pool");
        }
        else if (seen.ReservedBytes != 0)
        {
            AssertEqual(1, _time.Timers, "timers");
        }
    }

    // After all idle memory went back: caches too, but for those of living threads.
    private void CheckTrimmed()
    {
        AssertEqual(0, _pool.Statistics.CachedBytes, "cached bytes after a trim");
        List<ThreadCache> caches = CachesOf(_pool);
        AssertEqual(true, caches.TrueForAll(static cache => cache.Owner.IsAlive), "caches of living threads only,");
    }

    // What was rented just now is clean if it has to be, and there for this rental alone. Its holder writes all over it.
    private void Begin(Lease lease, int length, bool sensitive)
    {
        ModelRental rental = _model.Begin(length, sensitive, out ModelHold hold);
        Rented(new PoolHold(_holds.Count, rental, hold) { Lease = lease, IsRental = true });
    }

    private void Begin(IMemoryOwner<byte> owner, int length)
    {
        ModelRental rental = _model.Begin(length, sensitive: false, out ModelHold hold);
        Rented(new PoolHold(_holds.Count, rental, hold) { Owner = owner, IsRental = true });
    }

    private void Rented(PoolHold hold)
    {
        _holds.Add(hold);
        Span<byte> bytes = hold.Writable(throughMemory: false);
        AssertEqual(hold.Model.Length, bytes.Length, "length of a rental");
        bool clears = _case.Clear == PoolClearing.OnRent || (_case.Clear == PoolClearing.OnReturn && _case.Backing == PoolBacking.Native);
        AssertEqual(false, clears && bytes.ContainsAnyExcept((byte)0), "bytes of others in a rental");
        Place(hold);
        Fill(hold, bytes);
    }

    // Nobody else is where a rental is now.
    private void Place(PoolHold hold)
    {
        ReadOnlySpan<byte> bytes = hold.Bytes(throughMemory: false);
        ModelRental rental = hold.Of;
        if (!rental.IsPooled || bytes.IsEmpty)
        {
            return;
        }

        rental.Address = Rentals.AddressOf(bytes);
        ModelRental? another = _model.Rentals.FirstOrDefault(other => other != rental && other.IsPooled && other.Overlaps(rental));
        AssertEqual(null, another, "another rental at the same place");
        int alignment = _case.Backing == PoolBacking.Native ? Math.Max(64, _case.Alignment) : 1;
        AssertEqual(0, rental.Address % alignment, "alignment");
        foreach (Range range in _model.Clean.Remove(rental.Address, bytes.Length))
        {
            AssertEqual(false, !rental.IsWritten && bytes[range].ContainsAnyExcept((byte)0), "cleared bytes of others in a rental");
        }
    }

    private void Fill(PoolHold hold, Span<byte> bytes)
    {
        _stamp = (byte)((_stamp % byte.MaxValue) + 1);
        bytes.Fill(_stamp);
        hold.Of.IsWritten = true;
        hold.Of.Bytes.AsSpan(hold.Model.Start, hold.Model.Length).Fill(_stamp);
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_caches")]
    private static extern ref List<ThreadCache> CachesOf(RegionPool pool);
}
