namespace FastBuffers.Locking;

// The search for a cycle: breadth first, so that what is reported is a shortest one.
internal static partial class WaitForGraph
{
    private static List<Edge>? FindCycle(OwnedWait wait)
    {
        var reachedBy = new Dictionary<HoldOwner, Edge>();
        var open = new Queue<OwnedWait>([wait]);
        while (open.TryDequeue(out OwnedWait? next))
        {
            foreach (IWaitReason reason in ReasonsOf(next))
            {
                var edge = new Edge(next, reason);
                if (reason.Owner == wait.Owner)
                {
                    return PathTo(edge, reachedBy, wait);
                }

                if (reachedBy.TryAdd(reason.Owner, edge))
                {
                    reason.Owner.Waits.ForEach(open.Enqueue);
                }
            }
        }

        return null;
    }

    private static IEnumerable<IWaitReason> ReasonsOf(OwnedWait wait)
    {
        if (wait.Place == 0 || !s_domains.TryGetValue(wait.Domain, out OwnedDomain? owned))
        {
            return [];
        }

        return owned.Holds.Concat<IWaitReason>(owned.Waits).Where(reason => reason.IsInTheWayOf(wait));
    }

    private static List<Edge> PathTo(Edge last, Dictionary<HoldOwner, Edge> reachedBy, OwnedWait first)
    {
        List<Edge> path = [last];
        while (path[^1].Wait != first)
        {
            path.Add(reachedBy[path[^1].Wait.Owner]);
        }

        path.Reverse();
        return path;
    }

    private sealed record Edge(OwnedWait Wait, IWaitReason Reason)
    {
        internal bool IsThere => Wait.Place != 0 && Reason.IsInTheWayOf(Wait);

        internal DeadlockStep Describe() => new(
            Wait.Owner, Wait.Domain, Wait.DescribeWanted(Reason), Reason.Owner, Reason.Describe(Wait), Reason is OwnedWait);
    }
}
