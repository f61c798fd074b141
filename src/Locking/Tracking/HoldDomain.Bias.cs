using System.Runtime.CompilerServices;

namespace FastBuffers.Locking;

// Scoped Read and Immutable holds on a domain that has a bias to readers: see Tracker.Bias.cs.
public abstract partial class HoldDomain
{
    /// <summary>Ends a hold whose count a revocation has put into the word, if it has not taken it out again.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal void EndMovedReader(ReaderSlot slot, long token)
    {
        if (slot.TryTakeMoved(token))
        {
            Tracker.ReleaseShared(ReaderSlot.IndexOf(token), IdentityPlace.Ticket);
            AfterRelease();
        }
    }

    /// <summary>
    /// Begins a bias if it is time for one. For now and then: after the release of a hold for which <see cref="HoldWord.IsSample"/>.
    /// </summary>
    internal void ConsiderBias()
    {
        if (Tracker.TryBias())
        {
            AfterRelease();
        }
    }
}
