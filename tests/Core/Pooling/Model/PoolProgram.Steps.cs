using System.Buffers;
using FastBuffers.Tests.Infrastructure;

namespace FastBuffers.Tests.Pooling.Model;

// What is done to the pool.
internal sealed partial class PoolProgram
{
    // More than that is not rented at a time by one step.
    private const int MostChurned = 512 << 10;

    private void Step(PoolStep step)
    {
        if (step.Operation >= PoolOperation.Release)
        {
            if (Pick(step.On, SuitedTo(step)) is { } hold)
            {
                Step(step, hold);
                return;
            }

            step = step with { Operation = PoolOperation.Rent };
        }

        switch (step.Operation)
        {
            case PoolOperation.RentAsync:
                RentAsync(step);
                break;
            case PoolOperation.RentOwner:
                RentOwner(step);
                break;
            case PoolOperation.Churn:
                Churn(step);
                break;
            case PoolOperation.Cancel when _model.Queue.Count > 0:
                Cancel(step.Thread, _model.Queue[step.Throws ? 0 : step.On % _model.Queue.Count]);
                break;
            case PoolOperation.Trim:
                Trim(step.Thread);
                break;
            case PoolOperation.Wait:
                Wait(step);
                break;
            case PoolOperation.EndThread:
                Note($"thread {step.Thread} ends");
                _workers[step.Thread]?.Dispose();
                _workers[step.Thread] = null;
                break;
            case PoolOperation.DisposePool when step.Other % 8 == 0:
                DisposePool(step.Thread);
                break;
            default:
                Rent(step, sensitive: step.Operation == PoolOperation.RentSensitive);
                break;
        }
    }

    private void Rent(PoolStep step, bool sensitive)
    {
        Lease lease = default;
        Answer answer = Attempt(step.Thread, () =>
        {
            if (!sensitive && (!step.Throws || step.Other % 4 != 0))
            {
                return _pool.TryRent(step.Length, out lease);
            }

            lease = sensitive ? _pool.Rent(step.Length, sensitive) : _pool.Rent(step.Length);
            return true;
        });
        Same(_model.Rent(step.Length), answer, $"#{_holds.Count} = thread {step.Thread}: Rent({step.Length}, {sensitive})");
        AssertEqual(answer == Answer.Ok, lease != default, "a lease");
        if (answer == Answer.Ok)
        {
            Begin(lease, step.Length, sensitive);
        }
    }

    private void RentOwner(PoolStep step)
    {
        bool open = step.Other % 4 == 0;
        int length = open ? 4096 : step.Length;
        IMemoryOwner<byte>? owner = null;
        Answer answer = Attempt(step.Thread, () => (owner = _pool.AsMemoryPool().Rent(open ? -1 : length)) is not null);
        Same(_model.Rent(length), answer, $"#{_holds.Count} = thread {step.Thread}: AsMemoryPool().Rent({length})");
        if (owner is not null)
        {
            Begin(owner, length);
        }
    }

    private void RentAsync(PoolStep step)
    {
        var wait = new PoolWait(_waits++, step.Length, default, new CancellationTokenSource());
        bool cancelled = step.Other % 16 == 0;
        On(step.Thread, () =>
        {
            if (cancelled)
            {
                wait.Source.Cancel();
            }

            wait = wait with { Task = _pool.RentAsync(step.Length, wait.Source.Token) };
        });
        string what = $"thread {step.Thread}: {wait} = RentAsync({step.Length})";
        if (!_model.IsDisposed && !_model.CanEverRent(step.Length))
        {
            Note(what);
            Assert.Throws<PoolExhaustedException>(() => wait.Task.GetAwaiter().GetResult());
            return;
        }

        if (cancelled)
        {
            Same(Answer.Refused, wait.End(out _), $"{what}, cancelled");
            return;
        }

        Answer expected = _model.RentAsync(step.Length);
        if (expected == Answer.Refused)
        {
            Note(what);
            _model.Queue.Add(wait);
            return;
        }

        Same(expected, wait.End(out Lease lease), $"#{_holds.Count} = {what}");
        if (expected == Answer.Ok)
        {
            Begin(lease, step.Length, sensitive: false);
        }
    }

    private void Cancel(int thread, PoolWait wait)
    {
        On(thread, wait.Source.Cancel);
        _model.Queue.Remove(wait);
        Same(Answer.Refused, wait.End(out _), $"thread {thread}: {wait} is cancelled");
    }

    // Rents some, and returns them all, the first ones or the last ones first.
    private void Churn(PoolStep step)
    {
        int length = step.Length;
        long wanted = Math.Min(1 + (step.On % 40), MostChurned / Math.Max(64, _model.BlockOf(length)));
        List<Lease> leases = [];
        Answer answer = Attempt(step.Thread, () =>
        {
            while (leases.Count < wanted && _pool.TryRent(length, out Lease lease))
            {
                leases.Add(lease);
                _model.Clean.Remove(Rentals.AddressOf(lease), length);
                Rentals.Stamp(lease, leases.Count);
            }

            return leases.Count == wanted;
        });
        long count = _model.Churn(length, wanted);
        Same(_model.IsDisposed && wanted > 0 ? Answer.Dead : count == wanted ? Answer.Ok : Answer.Refused, answer,
            $"thread {step.Thread}: {count} times Rent({length}) and back");
        AssertEqual(count, leases.Count, "rentals");
        On(step.Other % 8 == 0 ? step.Kind % Threads : step.Thread, () =>
        {
            for (int i = 0; i < leases.Count; i++)
            {
                int at = step.Throws ? i : leases.Count - 1 - i;
                AssertEqual(true, Rentals.HasStamp(leases[at], at + 1), "bytes of a rental");
                leases[at].Dispose();
            }
        });
    }

    private void Trim(int thread)
    {
        long cached = _pool.Statistics.CachedBytes;
        long trims = _pool.Statistics.Trims;
        long given = 0;
        On(thread, () => given = _pool.Trim());
        Note($"thread {thread}: Trim() gives {given} back");
        CheckTrimmed();

        // Where memory is scarce, the garbage collector may have come first.
        if (_pool.Statistics.Trims - trims < 2)
        {
            AssertEqual(cached, given, "bytes given back");
            AssertEqual(cached == 0 ? 0 : 1, _pool.Statistics.Trims - trims, "trims");
        }
    }

    // Time passes: some, or so much that whatever is idle goes back.
    private void Wait(PoolStep step)
    {
        TimeSpan time = PoolCase.IdleTrim * (step.Other % 3 == 0 ? 3 : step.Other % 3 == 1 ? 1 : 0.2);
        long cached = _pool.Statistics.CachedBytes;
        On(step.Thread, () => _time.Advance(time));
        Note($"thread {step.Thread}: {time} pass");
        AssertEqual(true, _pool.Statistics.CachedBytes <= cached, "no more cached than before,");
        if (_case.Idles && !_model.IsDisposed && step.Other % 3 == 0)
        {
            CheckTrimmed();
            AssertEqual(_model.RentedBytes == 0 ? 0 : 1, _time.Timers, "timers after all was idle");
        }
    }

    private void DisposePool(int thread)
    {
        Note($"thread {thread}: the pool is disposed");
        On(thread, _pool.Dispose);
        foreach (PoolWait wait in _model.Queue)
        {
            Same(Answer.Dead, wait.End(out _), $"{wait}");
        }

        _model.Dispose();
    }
}
