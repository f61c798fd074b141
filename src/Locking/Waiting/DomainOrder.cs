using System.Runtime.CompilerServices;

namespace FastBuffers.Locking;

/// <summary>
/// The order in which everybody takes domains who takes several: who has some of them waits only for later ones, so that no cycle of such
/// waits can come to be. Thread-safe.
/// </summary>
internal static class DomainOrder
{
    // Beside the domains, most of which never need a number.
    private static readonly ConditionalWeakTable<HoldDomain, object> s_numbers = [];
    private static long s_last;

    /// <summary>Compares for sorting. The order of two domains is the same for their lifetime.</summary>
    internal static int Compare(HoldDomain left, HoldDomain right) => NumberOf(left).CompareTo(NumberOf(right));

    private static long NumberOf(HoldDomain domain) =>
        (long)s_numbers.GetValue(domain, static _ => Interlocked.Increment(ref s_last));
}
