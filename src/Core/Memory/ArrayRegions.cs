using System.Runtime.CompilerServices;

namespace FastBuffers;

/// <summary>The one region of each array that has been wrapped, kept as long as the array lives.</summary>
internal static class ArrayRegions
{
    private static readonly ConditionalWeakTable<byte[], Region> s_regions = [];

    /// <summary>The array's region, made on first demand. An empty array is nobody's and gets a new one each time.</summary>
    /// <exception cref="BufferException">The array was wrapped before with other capabilities than the asserted ones.</exception>
    internal static Region GetOrAdd(byte[] array, HoldCapabilities? asserted)
    {
        HoldCapabilities declared = asserted ?? (HoldCapabilities.Read | HoldCapabilities.Write);
        if (array.Length == 0)
        {
            return new Region(array, declared);
        }

        Region region = s_regions.GetValue(array, key => new Region(key, declared));
        return asserted is null || region.Capabilities == declared
            ? region
            : throw new BufferException(
                $"This array has been wrapped before with {region.Capabilities}; asserting {declared} now contradicts that.");
    }

    /// <summary>
    /// Makes the region over an owner's memory the region of the array behind it. An older region of that array is retired: whoever
    /// has an owner has said that nobody else uses the array.
    /// </summary>
    /// <exception cref="BufferException">The older region has holds.</exception>
    internal static void Adopt(byte[] array, Region region)
    {
        lock (s_regions)
        {
            if (s_regions.TryGetValue(array, out Region? older) && !older.Snapshot().IsRetired && !older.TryCloseUnheld())
            {
                throw new BufferException($"The owner's array is in use through another region ({older}); two would track the same bytes.");
            }

            s_regions.AddOrUpdate(array, region);
        }
    }

    /// <summary>Forgets the region over an owner's memory when it is freed: the array goes on to somebody else.</summary>
    internal static void Forget(byte[] array, PinnedOwner owner)
    {
        lock (s_regions)
        {
            if (s_regions.TryGetValue(array, out Region? region) && region.IsOver(owner))
            {
                s_regions.Remove(array);
            }
        }
    }
}
