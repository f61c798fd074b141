using System.Runtime.CompilerServices;

namespace FastBuffers.Locking;

/// <summary>
/// Which owner waits for which, over all managers that detect deadlocks. Nothing of it is touched by others, or where no owner is current.
/// Thread-safe.
/// </summary>
/// <remarks>
/// <para>The edges of a wait go to the owners of the holds that exclude what it wants, and to those of the waiters it has to stay behind. They
/// are not stored but found: from the holds of owners that have not ended, and the queue.</para>
/// <para><b>No cycle is missed.</b> A wait is entered here and in its queue, and then looked for in a cycle. So of the waits of a cycle the one that
/// looks last sees them all; unless one of them has been given up, which ends the cycle.</para>
/// <para><b>No cycle is made up.</b> Holds end, and waiters are served, while the edges are looked at one by one. Neither comes back. So when
/// all edges of a cycle are there in a second look, all of them were there at the moment between the two.</para>
/// <para>The lock is never entered by who has that of a queue; its holder may enter a queue's.</para>
/// </remarks>
internal static partial class WaitForGraph
{
    private static readonly Lock s_lock = new();
    private static readonly ConditionalWeakTable<HoldDomain, OwnedDomain> s_domains = [];

    /// <summary>Records a hold as an owner's, until it ends.</summary>
    internal static void Record(HoldOwner owner, HoldToken token)
    {
        if (token.Domain is { } domain)
        {
            using (Enter())
            {
                s_domains.GetValue(domain, static _ => new OwnedDomain()).Add(new OwnedHold(owner, token));
            }
        }
    }

    /// <summary>Takes a hold to be nobody's. False when it was not the owner's, or anybody's.</summary>
    internal static bool Forget(HoldToken token, HoldOwner? owner = null)
    {
        if (token.Domain is not { } domain)
        {
            return false;
        }

        using (Enter())
        {
            return s_domains.TryGetValue(domain, out OwnedDomain? owned)
                && owned.Holds.RemoveAll(hold => (owner is null || hold.Owner == owner) && hold.Is(token)) > 0;
        }
    }

    /// <summary>How many holds on a domain are recorded, with those that have ended and nobody has noticed.</summary>
    internal static int CountHolds(HoldDomain domain)
    {
        using (Enter())
        {
            return s_domains.TryGetValue(domain, out OwnedDomain? owned) ? owned.Holds.Count : 0;
        }
    }

    /// <summary>Enters a wait, before it is in its queue.</summary>
    internal static OwnedWait Begin(HoldOwner owner, HoldWaiter waiter)
    {
        var wait = new OwnedWait(owner, waiter);
        using (Enter())
        {
            s_domains.GetValue(wait.Domain, static _ => new OwnedDomain()).Waits.Add(wait);
            owner.Waits.Add(wait);
        }

        return wait;
    }

    /// <summary>Takes a wait out that is over, before anybody is told, and records what it has got.</summary>
    internal static void End(OwnedWait wait, HoldWaiter waiter)
    {
        using (Enter())
        {
            wait.Owner.Waits.Remove(wait);
            if (s_domains.TryGetValue(wait.Domain, out OwnedDomain? owned))
            {
                owned.Waits.Remove(wait);
            }

            Record(wait.Owner, waiter.Token);
            foreach (HoldToken token in waiter.Tokens ?? [])
            {
                Record(wait.Owner, token);
            }
        }
    }

    /// <summary>
    /// The failure of a wait that closes a cycle; null when it does not. After a failure the wait is none any more to others, and has to be
    /// taken out of its queue, if it still is there.
    /// </summary>
    internal static DeadlockException? FindDeadlock(OwnedWait wait)
    {
        using (Enter())
        {
            while (wait.Owner.Waits.Contains(wait) && FindCycle(wait) is { } cycle)
            {
                if (cycle.TrueForAll(static edge => edge.IsThere))
                {
                    var failure = new DeadlockException([.. cycle.Select(static edge => edge.Describe())]);
                    wait.IsGivenUp = true;
                    return failure;
                }
            }

            return null;
        }
    }

    // Whoever releases comes by here to serve others: an interrupt is for the next wait of his own.
    private static Lock.Scope Enter()
    {
        bool interrupted = false;
        while (true)
        {
            try
            {
                Lock.Scope scope = s_lock.EnterScope();
                if (interrupted)
                {
                    Thread.CurrentThread.Interrupt();
                }

                return scope;
            }
            catch (ThreadInterruptedException)
            {
                interrupted = true;
            }
        }
    }
}
