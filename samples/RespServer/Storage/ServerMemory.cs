namespace FastBuffers.Samples.Resp.Storage;

/// <summary>
/// What <c>--max-memory</c> limits: a pool of the server's own, which has every value, also old versions pinned by slow readers and
/// arguments on their way in, and the reserve for the names of keys and channels. The pool alone says whether there is room.
/// </summary>
internal sealed class ServerMemory : IDisposable
{
    private readonly RegionPool _pool;
    private readonly NameReserve _names;
    private long _refused;

    public ServerMemory(long limit)
    {
        Limit = limit;
        _pool = new RegionPool(new RegionPoolOptions { Name = "values", MaxBytes = limit });
        _names = new NameReserve(this);
    }

    /// <summary>The most that may be rented and cached together, in bytes.</summary>
    public long Limit { get; }

    /// <summary>The pool's figures of now.</summary>
    public RegionPoolStatistics Statistics => _pool.Statistics;

    /// <summary>Bytes rented now, in whole blocks: values and the reserve for names.</summary>
    public long Used => Statistics.RentedBytes;

    /// <summary>Bytes rented now for values.</summary>
    public long NativeBytes => Used - NameBytes;

    /// <summary>Bytes rented now for the names of keys and channels.</summary>
    public long NameBytes => _names.Bytes;

    /// <summary>Rentals of now: values, old versions, arguments on their way in, slabs.</summary>
    public long Regions => Count(Statistics) - _names.Rentals;

    /// <summary>How often there was no room.</summary>
    public long Refused => Volatile.Read(ref _refused);

    /// <summary>An Exclusive lease of memory with any content; false when there is no room for it.</summary>
    public bool TryRent(int bytes, out Lease lease)
    {
        try
        {
            if (_pool.TryRent(bytes, out lease))
            {
                return true;
            }
        }
        catch (OutOfMemoryException)
        {
            // The machine has less than the pool may take.
            lease = default;
        }

        Interlocked.Increment(ref _refused);
        return false;
    }

    /// <summary>
    /// Makes a rental longer: in place, or in another block, for which there must be room beside the old one. False when there is none,
    /// and then nothing has changed.
    /// </summary>
    /// <param name="exclusive">The only hold on the rental; replaced by the lease of the longer one.</param>
    public bool TryResize(ref Lease exclusive, int newBytes)
    {
        try
        {
            exclusive = exclusive.Resize(newBytes);
            return true;
        }
        catch (Exception exception) when (exception is PoolExhaustedException or OutOfMemoryException)
        {
            Interlocked.Increment(ref _refused);
            return false;
        }
    }

    /// <summary>Sets memory aside for a name. Called under the keyspace's lock, as is <see cref="ReleaseName"/>.</summary>
    public bool TryChargeName(int length) => _names.TryCharge(length);

    public void ReleaseName(int length) => _names.Release(length);

    public void Dispose() => _pool.Dispose();

    private static long Count(RegionPoolStatistics now) => now.Rents - now.Returns;
}
