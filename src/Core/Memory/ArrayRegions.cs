using System.Runtime.CompilerServices;

namespace FastBuffers;

/// <summary>The one region of each array that has been wrapped, and of each owner, so that no bytes get two trackers.</summary>
internal static class ArrayRegions
{
    // An array's own region lives as long as the array. The region over an owner's memory pins its array, so it is referred to weakly:
    // else neither could ever be collected.
    private static readonly ConditionalWeakTable<byte[], Region> s_arrays = [];
    private static readonly ConditionalWeakTable<byte[], WeakReference<Region>> s_owned = [];
    private static readonly ConditionalWeakTable<object, WeakReference<Region>> s_owners = [];
    private static readonly ConditionalWeakTable<byte[], ArraySlab> s_pooled = [];
    private static readonly Lock s_lock = new();

    /// <summary>
    /// The array's region, or that of its owner while it is alive; made on first demand. An empty array is nobody's and gets a new one
    /// each time.
    /// </summary>
    /// <exception cref="BufferException">
    /// The array was wrapped before with other capabilities than the asserted ones; or it is a pool's, and the rental is over.
    /// </exception>
    internal static Region GetOrAdd(byte[] array, HoldCapabilities? asserted)
    {
        HoldCapabilities declared = asserted ?? (HoldCapabilities.Read | HoldCapabilities.Write);
        if (array.Length == 0)
        {
            return new Region(array, declared);
        }

        Region? region;
        lock (s_lock)
        {
            region = s_pooled.TryGetValue(array, out ArraySlab? slab)
                ? slab.Escaped ?? throw RegionErrors.PoolsArray()
                : Living(s_owned, array);
            if (region is null && !s_arrays.TryGetValue(array, out region))
            {
                region = new Region(array, declared);
                s_arrays.Add(array, region);
            }
        }

        return asserted is null || (region.Capabilities & ConflictTable.AllKinds) == (declared & ConflictTable.AllKinds)
            ? region
            : throw RegionErrors.Contradicted("array", region, declared);
    }

    /// <summary>Makes known whose array it is that somebody gets from a rental.</summary>
    internal static void AddPooled(ArraySlab slab)
    {
        lock (s_lock)
        {
            s_pooled.AddOrUpdate(slab.Array, slab);
        }
    }

    /// <summary>The living region over an owner's memory, if it has been wrapped before.</summary>
    internal static Region? Find(object owner)
    {
        lock (s_lock)
        {
            return Living(s_owners, owner);
        }
    }

    /// <summary>The living region over what somebody owns, or a new one. The owner is known by its identity.</summary>
    internal static Region GetOrAddOwned(object owner, Func<Region> create)
    {
        lock (s_lock)
        {
            if (Living(s_owners, owner) is { } living)
            {
                return living;
            }

            Region region = create();
            s_owners.AddOrUpdate(owner, new WeakReference<Region>(region));
            return region;
        }
    }

    /// <summary>
    /// Registers a region over an owner's memory. If the memory is a whole array, the array's own region is retired: whoever has an
    /// owner has said that nobody else uses the array.
    /// </summary>
    /// <exception cref="BufferException">The array is held, frozen, or another owner's; nothing has changed.</exception>
    internal static void Adopt(object owner, byte[]? array, Region region)
    {
        lock (s_lock)
        {
            if (array is not null)
            {
                Region? other = s_pooled.TryGetValue(array, out ArraySlab? slab)
                    ? slab.Escaped ?? throw RegionErrors.PoolsArray()
                    : Living(s_owned, array);
                if (other is null && s_arrays.TryGetValue(array, out Region? own))
                {
                    other = own.IsFrozen || !own.TryCloseIdle() ? own : null;
                }

                if (other is not null)
                {
                    throw new BufferException(
                        $"The owner's array is in use through another region ({other}); two would track the same bytes.");
                }

                s_arrays.Remove(array);
                s_owned.AddOrUpdate(array, new WeakReference<Region>(region));
            }

            s_owners.AddOrUpdate(owner, new WeakReference<Region>(region));
        }
    }

    private static Region? Living<T>(ConditionalWeakTable<T, WeakReference<Region>> table, T key)
        where T : class =>
        table.TryGetValue(key, out WeakReference<Region>? reference) && reference.TryGetTarget(out Region? region) && !region.IsClosed
            ? region
            : null;
}
