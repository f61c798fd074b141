namespace FastBuffers.Locking;

/// <summary>
/// How long something that was lost waits before its memory is used again: two gen-2 collections, so that no span of it can be on a
/// stack any more. For finalizers, on whose one thread it is used.
/// </summary>
internal struct Quarantine
{
    private const int Collections = 2;

    // One more than the number of gen-2 collections at the loss; 0 before it.
    private int _since;

    /// <summary>Begins with the first call. True once it is over; until then the caller registers for finalization again.</summary>
    /// <param name="begins">Whether this call was the first.</param>
    internal bool IsOver(out bool begins)
    {
        int collections = GC.CollectionCount(GC.MaxGeneration) + 1;
        begins = _since == 0;
        if (begins)
        {
            _since = collections;
        }

        return collections - _since >= Collections;
    }

    /// <summary>For an object that goes on, and may be lost again.</summary>
    internal void End() => _since = 0;
}
