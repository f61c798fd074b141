using System.Runtime.CompilerServices;

namespace FastBuffers;

/// <summary>A number for each region that is taken together with others: the order in which everybody takes them. Thread-safe.</summary>
internal static class DomainNumbers
{
    // Beside the regions, most of which never need one.
    private static readonly ConditionalWeakTable<HoldDomain, object> s_numbers = [];
    private static long s_last;

    /// <summary>The number of a region, for its lifetime.</summary>
    internal static long Of(HoldDomain domain) => (long)s_numbers.GetValue(domain, static _ => Interlocked.Increment(ref s_last));
}
