namespace FastBuffers.Locking;

/// <summary>The domains of this process that trace their holds. Keeps none alive. Thread-safe.</summary>
internal static class TracedDomains
{
    private const int MinLook = 64;
    private static readonly List<WeakReference<HoldDomain>> s_domains = [];
    private static int s_lookAt = MinLook;

    internal static void Add(HoldDomain domain)
    {
        lock (s_domains)
        {
            if (s_domains.Count >= s_lookAt)
            {
                s_domains.RemoveAll(static reference => !reference.TryGetTarget(out _));
                s_lookAt = Math.Max(MinLook, 2 * s_domains.Count);
            }

            s_domains.Add(new WeakReference<HoldDomain>(domain));
        }
    }

    /// <summary>All their holds.</summary>
    internal static List<DomainHold> ListHolds()
    {
        List<HoldDomain> domains = [];
        lock (s_domains)
        {
            foreach (WeakReference<HoldDomain> reference in s_domains)
            {
                if (reference.TryGetTarget(out HoldDomain? domain))
                {
                    domains.Add(domain);
                }
            }
        }

        return [.. domains.SelectMany(static domain => domain.GetHolds().Select(hold => new DomainHold(domain, hold)))];
    }
}
