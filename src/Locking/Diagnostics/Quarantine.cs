namespace FastBuffers.Locking;

/// <summary>
/// How long something that was lost waits before its memory is used again: two gen-2 collections, after which hardly a span of it is
/// on a stack any more. For finalizers, on whose one thread it is used. The state is a plain number in the object, which would be
/// 8 bytes larger with a struct in it.
/// </summary>
internal static class Quarantine
{
    /// <summary>The state of an object that is not lost.</summary>
    internal const int None = 0;

    private const int Collections = 2;

    /// <summary>Begins with the first call. True once it is over; until then the caller registers for finalization again.</summary>
    /// <param name="since">One more than the number of gen-2 collections at the loss.</param>
    /// <param name="begins">Whether this call was the first.</param>
    internal static bool IsOver(ref int since, out bool begins)
    {
        int collections = GC.CollectionCount(GC.MaxGeneration) + 1;
        begins = since == None;
        if (begins)
        {
            since = collections;
        }

        return collections - since >= Collections;
    }
}
