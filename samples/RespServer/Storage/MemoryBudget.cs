using System.Diagnostics.CodeAnalysis;

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
    private long _regions;
    private long _refused;

    /// <summary>The most that may be charged, in bytes.</summary>
    public long Limit => limit;

    /// <summary>Bytes charged now, regions and names.</summary>
    public long Used => Volatile.Read(ref _used);

    /// <summary>Bytes of live regions.</summary>
    public long NativeBytes => Volatile.Read(ref _native);

    /// <summary>Live regions: of values, of old versions, of arguments on their way in, of slabs.</summary>
    public long Regions => Volatile.Read(ref _regions);

    /// <summary>How often there was no room.</summary>
    public long Refused => Volatile.Read(ref _refused);

    /// <summary>A region within the budget; null when there is no room for it.</summary>
    public Region? TryAllocate(int bytes)
    {
        if (!TryAllocate(bytes, bytes, static length => Region.Allocate(length), out Region? region))
        {
            return null;
        }

        Interlocked.Increment(ref _regions);
        return region;
    }

    /// <summary>Makes a region longer within the budget; false when there is no room, and then nothing has changed.</summary>
    /// <param name="exclusive">The only hold on the region; replaced by the lease over the resized one.</param>
    public bool TryGrow(ref Lease exclusive, int newBytes)
    {
        bool grown = TryAllocate(
            newBytes - exclusive.Length, (exclusive, newBytes), static x => x.exclusive.Resize(x.newBytes), out Lease resized);
        exclusive = grown ? resized : exclusive;
        return grown;
    }

    /// <summary>Gives back what a region was charged, once its memory is free.</summary>
    public void ReleaseRegion(long bytes)
    {
        Interlocked.Decrement(ref _regions);
        Release(bytes);
    }

    public bool TryChargeName(int length) => TryCharge(length + NameOverhead);

    public void ReleaseName(int length) => Interlocked.Add(ref _used, -(length + NameOverhead));

    /// <summary>Charges ahead of allocating, and gives the charge back when the machine has less memory than the budget.</summary>
    private bool TryAllocate<TState, T>(long bytes, TState state, Func<TState, T> allocate, [MaybeNullWhen(false)] out T allocated)
    {
        allocated = default;
        if (!TryCharge(bytes))
        {
            return false;
        }

        Interlocked.Add(ref _native, bytes);
        try
        {
            allocated = allocate(state);
            return true;
        }
        catch (OutOfMemoryException)
        {
            Release(bytes);
            Interlocked.Increment(ref _refused);
            return false;
        }
    }

    private void Release(long bytes)
    {
        Interlocked.Add(ref _native, -bytes);
        Interlocked.Add(ref _used, -bytes);
    }

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

        Interlocked.Increment(ref _refused);
        return false;
    }
}
