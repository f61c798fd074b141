namespace FastBuffers.Samples.Resp.Storage;

/// <summary>
/// What <c>--max-memory</c> limits: every byte of every live region, old versions pinned by slow readers included, and the names of
/// keys and channels. Charged before the memory is allocated and given back after it is really free; only while a region is resized do its old and
/// new bytes exist side by side.
/// </summary>
/// <remarks>Thread-safe: senders give back what they pinned without the keyspace's lock.</remarks>
internal sealed class MemoryBudget(long limit)
{
    /// <summary>What a name costs beyond its bytes: the array, the dictionary entry, the value object. An estimate.</summary>
    public const int NameOverhead = 128;

    private long _used;
    private long _native;

    /// <summary>The most that may be charged, in bytes.</summary>
    public long Limit => limit;

    /// <summary>Bytes charged now, regions and names.</summary>
    public long Used => Volatile.Read(ref _used);

    /// <summary>Bytes of live regions.</summary>
    public long NativeBytes => Volatile.Read(ref _native);

    public bool TryChargeRegion(long bytes)
    {
        if (!TryCharge(bytes))
        {
            return false;
        }

        Interlocked.Add(ref _native, bytes);
        return true;
    }

    public void ReleaseRegion(long bytes)
    {
        Interlocked.Add(ref _native, -bytes);
        Interlocked.Add(ref _used, -bytes);
    }

    public bool TryChargeName(int length) => TryCharge(length + NameOverhead);

    public void ReleaseName(int length) => Interlocked.Add(ref _used, -(length + NameOverhead));

    private bool TryCharge(long bytes)
    {
        long used = Volatile.Read(ref _used);
        while (bytes <= limit - used)
        {
            long seen = Interlocked.CompareExchange(ref _used, used + bytes, used);
            if (seen == used)
            {
                return true;
            }

            used = seen;
        }

        return false;
    }
}
