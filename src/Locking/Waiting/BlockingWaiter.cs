namespace FastBuffers.Locking;

/// <summary>One wait that blocks its thread. Each thread has one, and uses it for one wait after the other.</summary>
internal sealed class BlockingWaiter : ManagedWaiter
{
    [ThreadStatic]
    private static BlockingWaiter? t_idle;

    private readonly object _gate = new();
    private readonly Action _signal;
    private bool _isOver;

    private BlockingWaiter() => _signal = Signal;

    /// <summary>The calling thread's waiter. A wait inside a wait (of a message pump) gets another one.</summary>
    internal static BlockingWaiter Rent()
    {
        BlockingWaiter waiter = t_idle ?? new BlockingWaiter();
        t_idle = null;
        return waiter;
    }

    /// <summary>Waits for what the waiter was told by <see cref="HoldWaiter.Begin(HoldDomain, in HoldRequestPart, TimeProvider?)"/>.</summary>
    /// <returns>Null for the hold; else what the wait ended with. The token or tokens are the waiter's until it is returned.</returns>
    internal Exception? Wait(LockManager manager, TimeSpan timeout, CancellationToken cancellationToken)
    {
        HoldDomain domain = Domain!;
        Enter(manager);
        if (!WaitTable.TryAdd(this))
        {
            Exit(hasWaited: false);
            return Failure;
        }

        Listen(manager, timeout, cancellationToken);
        try
        {
            WaitForEnd();
        }
        catch (ThreadInterruptedException)
        {
            if (WaitTable.TryRemove(this, domain))
            {
                Exit(hasWaited: true);
                throw;
            }

            Insist(WaitForEnd);
            EndTokens();
            throw;
        }

        return Failure;
    }

    /// <summary>Takes the waiter back, when its tokens have been read.</summary>
    internal void Return()
    {
        Clear();
        if (TryForgetListening())
        {
            _isOver = false;
            t_idle = this;
        }
    }

    /// <inheritdoc/>
    internal override void Complete()
    {
        Exit(hasWaited: true);
        if (Insist(_signal))
        {
            // Who releases must come through: the interrupt is for the next wait of his own.
            Thread.CurrentThread.Interrupt();
        }
    }

    // Does what an interrupt may break off until it is done. True if it was broken off.
    private static bool Insist(Action action)
    {
        bool interrupted = false;
        while (true)
        {
            try
            {
                action();
                return interrupted;
            }
            catch (ThreadInterruptedException)
            {
                interrupted = true;
            }
        }
    }

    private void WaitForEnd()
    {
        lock (_gate)
        {
            while (!_isOver)
            {
                Monitor.Wait(_gate);
            }
        }
    }

    private void Signal()
    {
        lock (_gate)
        {
            _isOver = true;
            Monitor.Pulse(_gate);
        }
    }

    private void EndTokens()
    {
        Token.EndOnce();
        foreach (HoldToken token in Tokens ?? [])
        {
            token.EndOnce();
        }
    }
}
