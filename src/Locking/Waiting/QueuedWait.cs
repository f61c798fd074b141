namespace FastBuffers.Locking;

/// <summary>A wait as who looks at all of them sees it: copied under a queue's lock, without anything being allocated there.</summary>
/// <param name="Domain">The domain that is waited for.</param>
/// <param name="Single">What is wanted, when it is one hold.</param>
/// <param name="Several">What is wanted, when it is several; never changed.</param>
/// <param name="Clock">The clock of the wait; null for the system's.</param>
/// <param name="Since">When it began, by that clock.</param>
internal readonly record struct QueuedWait(
    HoldDomain Domain, HoldRequestPart Single, HoldRequestPart[]? Several, TimeProvider? Clock, long Since)
{
    /// <summary>Adds an entry for each hold that is wanted.</summary>
    internal void AddTo(List<DomainHold> waits)
    {
        // The clock may be foreign code: not to be called under a lock.
        TimeSpan age = (Clock ?? TimeProvider.System).GetElapsedTime(Since);
        foreach (HoldRequestPart part in Several ?? [Single])
        {
            long length = part.Request.IsWhole ? Domain.ByteLength : part.Request.Length;
            waits.Add(new DomainHold(Domain, new HoldInfo { Kind = part.Kind, Start = part.Request.Start, Length = length, Age = age }));
        }
    }
}
