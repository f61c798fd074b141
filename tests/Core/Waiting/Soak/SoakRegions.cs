using System.Globalization;
using System.Text;

namespace FastBuffers.Tests.Waiting.Soak;

/// <summary>The regions that the workers of a soak hold and wait for; each may be replaced at any time by another one.</summary>
internal sealed class SoakRegions : IDisposable
{
    internal const int Count = 3;

    /// <summary>The fewest bytes a region has; what is said about parts stays right through every resize.</summary>
    internal const int MinLength = 64;

    private readonly Region[] _regions = [.. Enumerable.Range(0, Count).Select(static _ => Region.Allocate(MinLength))];

    internal Region this[int slot] => Volatile.Read(ref _regions[slot]);

    /// <summary>Puts another region in the place of this one, which ends under those who hold it or wait for it.</summary>
    internal void Replace(int slot, Region old)
    {
        Region fresh = Region.Allocate(MinLength);
        if (Interlocked.CompareExchange(ref _regions[slot], fresh, old) == old)
        {
            old.Dispose();
        }
        else
        {
            fresh.Dispose();
        }
    }

    /// <summary>Who holds what, and who waits for what.</summary>
    internal string Describe()
    {
        var text = new StringBuilder();
        for (int slot = 0; slot < Count; slot++)
        {
            Region region = this[slot];
            text.Append(CultureInfo.InvariantCulture, $"region {slot}, {region.Length} bytes: {region.Snapshot()}\n");
            foreach (HoldInfo hold in region.GetHolds())
            {
                text.Append(CultureInfo.InvariantCulture, $"  held: {Describe(hold)}\n");
            }
        }

        foreach (DomainHold wait in LockDiagnostics.LongestWaits(100))
        {
            int slot = Array.IndexOf(_regions, wait.Domain);
            text.Append(CultureInfo.InvariantCulture, $"waits for {wait.Hold.Age?.TotalMilliseconds:0} ms: {Describe(wait.Hold)} of region {(slot < 0 ? "(replaced)" : slot)}\n");
        }

        return text.ToString();
    }

    public void Dispose()
    {
        foreach (Region region in _regions)
        {
            region.Dispose();
        }
    }

    private static string Describe(HoldInfo hold) => $"{hold.Kind} [{hold.Start};{hold.Start + hold.Length})";
}
