namespace FastBuffers.Locking;

/// <summary>
/// The groups of a queue, found by the bytes they want: a search tree in the order of their first bytes, balanced by random weights (a
/// treap; Seidel and Aragon, "Randomized Search Trees", 1996), in which each node knows the furthest end, the kinds and the earliest waiter
/// below it. For the holder of the queue's lock.
/// </summary>
internal struct WaitIndex
{
    private WaitGroup? _root;

    /// <summary>The group that is the same as this one in the order of the index.</summary>
    internal readonly WaitGroup? Find(WaitGroup like)
    {
        WaitGroup? node = _root;
        while (node is not null)
        {
            int order = like.CompareTo(node);
            if (order == 0)
            {
                break;
            }

            node = order < 0 ? node.Left : node.Right;
        }

        return node;
    }

    /// <summary>Adds a group that has a waiter.</summary>
    internal void Add(WaitGroup group) => _root = Add(_root, group);

    /// <summary>Takes a group out.</summary>
    internal void Remove(WaitGroup group) => _root = Remove(_root!, group);

    /// <summary>To be called when the first waiter of a group is another one.</summary>
    internal readonly void Refresh(WaitGroup group) => Refresh(_root!, group);

    /// <summary>Adds the groups that want one of the kinds and share a byte with [start, end) to a list.</summary>
    internal readonly void Collect(List<WaitGroup> found, HoldKind kinds, long start, long end) => Collect(_root, found, kinds, start, end);

    /// <summary>Adds those to a list with whom a hold of a kind on [start, end) would conflict.</summary>
    internal readonly void CollectConflicts(List<WaitGroup> found, HoldKind conflicting, long start, long end) =>
        CollectConflicts(_root, found, conflicting, start, end);

    /// <summary>Adds the waiters of all groups to a list that has room for them.</summary>
    internal readonly void ListWaiters(List<QueuedWait> waiters) => ListWaiters(_root, waiters);

    /// <summary>Whether one who came before this number wants what conflicts with a hold on [start, end).</summary>
    internal readonly bool HasEarlier(HoldKind conflicting, long start, long end, long number) =>
        HasEarlier(_root, conflicting, start, end, number);

    private static WaitGroup Add(WaitGroup? node, WaitGroup group)
    {
        if (node is null)
        {
            return Summed(group);
        }

        if (group.CompareTo(node) < 0)
        {
            node.Left = Add(node.Left, group);
            return node.Left.Weight > node.Weight ? RotateRight(node, node.Left) : Summed(node);
        }

        node.Right = Add(node.Right, group);
        return node.Right.Weight > node.Weight ? RotateLeft(node, node.Right) : Summed(node);
    }

    private static WaitGroup? Remove(WaitGroup node, WaitGroup group)
    {
        if (ReferenceEquals(node, group))
        {
            return Merge(node.Left, node.Right);
        }

        if (group.CompareTo(node) < 0)
        {
            node.Left = Remove(node.Left!, group);
        }
        else
        {
            node.Right = Remove(node.Right!, group);
        }

        return Summed(node);
    }

    // All of the left one is before all of the right one.
    private static WaitGroup? Merge(WaitGroup? left, WaitGroup? right)
    {
        if (left is null || right is null)
        {
            return left ?? right;
        }

        if (left.Weight > right.Weight)
        {
            left.Right = Merge(left.Right, right);
            return Summed(left);
        }

        right.Left = Merge(left, right.Left);
        return Summed(right);
    }

    private static void Refresh(WaitGroup node, WaitGroup group)
    {
        if (!ReferenceEquals(node, group))
        {
            Refresh(group.CompareTo(node) < 0 ? node.Left! : node.Right!, group);
        }

        Summed(node);
    }

    private static void Collect(WaitGroup? node, List<WaitGroup> found, HoldKind kinds, long start, long end)
    {
        while (node is not null && node.MaxEnd > start && (node.AllKinds & kinds) != 0)
        {
            Collect(node.Left, found, kinds, start, end);
            if (node.Start >= end)
            {
                return;
            }

            if (node.End > start && (node.Kinds & kinds) != 0)
            {
                found.Add(node);
            }

            node = node.Right;
        }
    }

    private static void CollectConflicts(WaitGroup? node, List<WaitGroup> found, HoldKind kinds, long start, long end)
    {
        while (node is not null && node.MaxEnd > start && (node.AllKinds & kinds) != 0)
        {
            CollectConflicts(node.Left, found, kinds, start, end);
            if (node.Start >= end)
            {
                return;
            }

            if (node.ConflictsWith(kinds, start, end))
            {
                found.Add(node);
            }

            node = node.Right;
        }
    }

    private static bool HasEarlier(WaitGroup? node, HoldKind kinds, long start, long end, long number)
    {
        while (node is not null && node.MinNumber < number && node.MaxEnd > start && (node.AllKinds & kinds) != 0)
        {
            if (node.First!.Number < number && node.ConflictsWith(kinds, start, end))
            {
                return true;
            }

            if (HasEarlier(node.Left, kinds, start, end, number))
            {
                return true;
            }

            if (node.Start >= end)
            {
                break;
            }

            node = node.Right;
        }

        return false;
    }

    private static void ListWaiters(WaitGroup? node, List<QueuedWait> waiters)
    {
        for (; node is not null; node = node.Right)
        {
            ListWaiters(node.Left, waiters);
            for (HoldWaiter? waiter = node.First; waiter is not null; waiter = waiter.Next)
            {
                waiters.Add(waiter.Describe());
            }
        }
    }

    private static WaitGroup RotateRight(WaitGroup node, WaitGroup left)
    {
        node.Left = left.Right;
        left.Right = Summed(node);
        return Summed(left);
    }

    private static WaitGroup RotateLeft(WaitGroup node, WaitGroup right)
    {
        node.Right = right.Left;
        right.Left = Summed(node);
        return Summed(right);
    }

    private static WaitGroup Summed(WaitGroup node)
    {
        (node.MaxEnd, node.AllKinds, node.MinNumber) = (node.End, node.Kinds, node.First!.Number);
        Sum(node, node.Left);
        Sum(node, node.Right);
        return node;
    }

    private static void Sum(WaitGroup node, WaitGroup? child)
    {
        if (child is not null)
        {
            node.MaxEnd = Math.Max(node.MaxEnd, child.MaxEnd);
            node.AllKinds |= child.AllKinds;
            node.MinNumber = Math.Min(node.MinNumber, child.MinNumber);
        }
    }
}
