namespace FastBuffers.Tests.Pooling.Budget;

/// <summary>A budget, its queue, and leases that give their bytes back as the pool's do: at the last release, on that thread.</summary>
internal sealed unsafe class FakePool : IRentSource
{
    internal FakePool(long maxBytes)
    {
        Budget = new ByteBudget(maxBytes);
        Queue = new RentQueue(this);
    }

    internal ByteBudget Budget { get; }

    internal RentQueue Queue { get; }

    /// <summary>Runs in each call of <see cref="TryRent"/>, before anything else in it.</summary>
    internal Action<int>? OnTry { get; set; }

    /// <summary>Runs for each lease that <see cref="TryRent"/> gives.</summary>
    internal Action<int>? OnRented { get; set; }

    internal int Tries { get; private set; }

    internal ValueTask<Lease> RentAsync(int length, CancellationToken cancellationToken = default) =>
        Queue.RentAsync(length, cancellationToken);

    /// <summary>Rents what is to be there at once.</summary>
    internal Lease Rent(int length)
    {
        Assert.True(TryRent(length, out Lease lease));
        return lease;
    }

    public bool TryRent(int length, out Lease lease)
    {
        Tries++;
        OnTry?.Invoke(length);
        if (!Budget.TryCharge(length))
        {
            lease = default;
            return false;
        }

        // Nobody touches the bytes. Disposed right away: freed with the lease.
        Region region = Region.Wrap((void*)64, length, ConflictTable.AllKinds | HoldCapabilities.Declared, () => GiveBack(length));
        lease = region.Take(HoldKind.Exclusive);
        region.Dispose();
        OnRented?.Invoke(length);
        return true;
    }

    private void GiveBack(int length)
    {
        Budget.Release(length);
        if (Queue.HasWaiters)
        {
            Queue.Pump();
        }
    }
}
