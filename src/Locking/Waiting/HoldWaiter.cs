namespace FastBuffers.Locking;

/// <summary>
/// One wait, for one hold or for several of one domain at once. While it is in a queue it belongs to whoever has the queue's lock; who takes
/// it out decides what it ends with, and completes it without the lock.
/// </summary>
internal abstract class HoldWaiter
{
    private HoldRequestPart _single;
    private HoldRequestPart[]? _several;

    /// <summary>The domain that it waits for.</summary>
    internal HoldDomain? Domain { get; private set; }

    /// <summary>The clock that the wait is measured by; null for the system's.</summary>
    internal TimeProvider? Clock { get; private set; }

    /// <summary>When the wait began, by that clock.</summary>
    internal long Since { get; private set; }

    /// <summary>What is wanted: one hold or several.</summary>
    internal ReadOnlySpan<HoldRequestPart> Parts => _several is { } several ? several : new ReadOnlySpan<HoldRequestPart>(in _single);

    /// <summary>Whether several holds are wanted, all or none.</summary>
    internal bool IsSeveral => _several is not null;

    /// <summary>The hold that the wait ended with.</summary>
    internal HoldToken Token { get; private set; }

    /// <summary>The holds, in the order of <see cref="Parts"/>, when several were wanted.</summary>
    internal HoldToken[]? Tokens { get; private set; }

    /// <summary>What the wait ended with when not with a hold.</summary>
    internal Exception? Failure { get; private set; }

    /// <summary>Whether it is in the queue.</summary>
    internal bool IsQueued { get; set; }

    /// <summary>Its place in the order in which the waiters of the queue came.</summary>
    internal long Number { get; set; }

    /// <summary>How many had passed its group when it came.</summary>
    internal long PassedBefore { get; set; }

    /// <summary>Those who want the same.</summary>
    internal WaitGroup? Group { get; set; }

    /// <summary>The one in the group that came before it.</summary>
    internal HoldWaiter? Previous { get; set; }

    /// <summary>The one in the group that came after it; once taken out, the next one to complete.</summary>
    internal HoldWaiter? Next { get; set; }

    /// <summary>Begins a wait for one hold.</summary>
    internal void Begin(HoldDomain domain, in HoldRequestPart part, TimeProvider? clock)
    {
        _single = part;
        _several = null;
        Begin(domain, clock);
    }

    /// <summary>Begins a wait for several holds.</summary>
    internal void Begin(HoldDomain domain, HoldRequestPart[] parts, TimeProvider? clock)
    {
        _several = parts;
        Begin(domain, clock);
    }

    /// <summary>The wait as others see it. Allocates nothing.</summary>
    internal QueuedWait Describe() => new(Domain!, _single, _several, Clock, Since);

    /// <summary>Whether the waiter was passed over for too long: then nobody may pass any more.</summary>
    /// <param name="passed">How many have passed its group.</param>
    /// <param name="elapsed">For how long it waits, as far as that is known.</param>
    internal bool IsReserved(long passed, TimeSpan elapsed) =>
        passed - PassedBefore >= WaiterFairness.MaxAdmissions || elapsed >= WaiterFairness.MaxPassing;

    /// <summary>One attempt to end the wait. False while a hold is in the way.</summary>
    internal bool TryEnd()
    {
        try
        {
            return _several is null ? TryTake(_single) : TryTakeAll(_several);
        }
        catch (SystemException exception)
        {
            // No memory for a ticket, or for what the layer above does with a hold: it is the waiter's, and not whose release served it.
            Failure = exception;
            return true;
        }
    }

    /// <summary>Ends the wait if what is wanted can never be had any more.</summary>
    internal bool TryDismiss()
    {
        foreach (ref readonly HoldRequestPart part in Parts)
        {
            TakeStatus status = Domain!.Dismisses(part.Index, part.Request);
            if (status != TakeStatus.Taken)
            {
                Failure = ErrorOf(status, part);
                return true;
            }
        }

        return false;
    }

    /// <summary>Ends the wait for another reason. For the one who has taken it out of the queue.</summary>
    internal void Fail(Exception failure) => Failure = failure;

    /// <summary>Tells whoever waits. Once, after the waiter was taken out of the queue, without any lock.</summary>
    internal abstract void Complete();

    /// <summary>Forgets the wait.</summary>
    protected void Clear()
    {
        Domain = null;
        Clock = null;
        Token = default;
        Tokens = null;
        Failure = null;
        _several = null;
    }

    private void Begin(HoldDomain domain, TimeProvider? clock)
    {
        Domain = domain;
        Clock = clock;
        Since = (clock ?? TimeProvider.System).GetTimestamp();
    }

    private bool TryTake(in HoldRequestPart part)
    {
        TakeStatus status = Domain!.TakeNow(part.Index, part.Request, scoped: false, out HoldToken token, out _);
        Token = token;
        Failure = status is TakeStatus.Taken or TakeStatus.Conflict ? null : ErrorOf(status, part);
        return status != TakeStatus.Conflict;
    }

    private bool TryTakeAll(HoldRequestPart[] parts)
    {
        var tokens = new HoldToken[parts.Length];
        if (parts.Length == 1)
        {
            bool ended = TryTake(parts[0]);
            tokens[0] = Token;
            Token = default;
            Tokens = ended && Failure is null ? tokens : null;
            return ended;
        }

        TakeStatus status = Domain!.TakeSeveral(parts, tokens, out int refused);
        Tokens = status == TakeStatus.Taken ? tokens : null;
        Failure = status is TakeStatus.Taken or TakeStatus.Conflict ? null : ErrorOf(status, parts[refused]);
        return status != TakeStatus.Conflict;
    }

    private Exception ErrorOf(TakeStatus status, in HoldRequestPart part) => status == TakeStatus.Released
        ? HoldErrors.Resized(Domain!)
        : HoldErrors.For(status, Domain!, part.Kind, Domain!.Tracker.Word);
}
