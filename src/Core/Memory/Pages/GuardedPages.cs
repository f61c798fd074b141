using System.Globalization;

namespace FastBuffers;

/// <summary>
/// Maps pages between two pages that nobody can access, and counts these mappings, so that they leave the system's limit to others.
/// Thread-safe.
/// </summary>
/// <param name="memory">Where the pages come from.</param>
/// <param name="maxMappings">The most mappings at a time.</param>
internal sealed class GuardedPages(SystemMemory memory, long maxMappings)
{
    // A guard, pages and a guard are three entries of the system's table, and may cut a neighbour in two.
    private const long EntriesEach = 4;

    // What Linux has unless it is told otherwise.
    private const long DefaultEntries = 65_530;

    private long _mappings;

    /// <summary>Those of this process. All together take at most a quarter of the entries that the system allows.</summary>
    internal static GuardedPages OfProcess { get; } = new(SystemMemory.Current, MaxEntries() / 4 / EntriesEach);

    internal SystemMemory Memory => memory;

    /// <summary>The number of mappings now.</summary>
    internal long Mappings => Volatile.Read(ref _mappings);

    /// <summary>Maps zeroed pages that can be written, and the guards around them.</summary>
    /// <param name="bytes">The length of the pages between the guards: above 0, a multiple of the page size.</param>
    /// <returns>The address of the first page behind the guard; 0 when that is more than the system has or allows.</returns>
    internal nint TryMap(long bytes)
    {
        if (Interlocked.Increment(ref _mappings) > maxMappings)
        {
            Interlocked.Decrement(ref _mappings);
            return 0;
        }

        nint guard = 0;
        try
        {
            guard = memory.Map(bytes + (2 * memory.PageSize), memory.PageSize);
        }
        catch (OutOfMemoryException)
        {
        }

        if (guard == 0)
        {
            Interlocked.Decrement(ref _mappings);
            return 0;
        }

        nint address = guard + memory.PageSize;
        if (memory.Protect(guard, memory.PageSize, PageAccess.None)
            && memory.Protect(address + (nint)bytes, memory.PageSize, PageAccess.None))
        {
            return address;
        }

        TryUnmap(address, bytes);
        return 0;
    }

    /// <summary>Unmaps pages and their guards.</summary>
    /// <returns>Whether the system took them; if not, they are as before.</returns>
    internal bool TryUnmap(nint address, long bytes)
    {
        if (!memory.Unmap(address - memory.PageSize, bytes + (2 * memory.PageSize)))
        {
            return false;
        }

        Interlocked.Decrement(ref _mappings);
        return true;
    }

    private static long MaxEntries()
    {
        if (!OperatingSystem.IsLinux())
        {
            return long.MaxValue;
        }

        try
        {
            string text = File.ReadAllText("/proc/sys/vm/max_map_count");
            return long.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out long entries) ? entries : DefaultEntries;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return DefaultEntries;
        }
    }
}
