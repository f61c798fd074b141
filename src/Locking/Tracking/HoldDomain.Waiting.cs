using System.Runtime.CompilerServices;

namespace FastBuffers.Locking;

// What taking and making room have to do with those who wait. Nothing of it runs while nobody does.
public abstract partial class HoldDomain
{
    /// <summary>One attempt to take, with no regard for waiters. It takes no part in the decision whether a refusal throws.</summary>
    internal TakeStatus TakeNow(int index, in RangeRequest request, bool scoped, out HoldToken token, out long word)
    {
        if (request.IsWhole)
        {
            return Take(index, scoped, out token, out word);
        }

        if (!HasSize(request.Size))
        {
            (token, word) = (default, Tracker.Word);
            return Tracker.IsRetired ? TakeStatus.Retired : TakeStatus.Released;
        }

        if (request.Length != ByteLength)
        {
            return TakePart(index, request, scoped, out token, out word);
        }

        TakeStatus status = Take(index, scoped, out token, out word);
        return EndsAsResized(ref token, request, index) ? TakeStatus.Released : status;
    }

    /// <summary>Why a waiter need not wait any longer, whatever is held; Taken while it has to.</summary>
    internal TakeStatus Dismisses(int index, in RangeRequest request) =>
        Tracker.IsRetired ? TakeStatus.Retired
        : !Supports(index) ? TakeStatus.Unsupported
        : !request.IsWhole && !HasSize(request.Size) ? TakeStatus.Released
        : TakeStatus.Taken;

    /// <summary>What a change of a hold does besides it: a weaker kind makes room, and freezing is the end of all waiting to write.</summary>
    internal void AfterChange(HoldChange change, in HoldExtent extent)
    {
        if (!Tracker.IsWaitedFor)
        {
            return;
        }

        if (change == HoldChange.Freeze)
        {
            DismissWaiters();
        }

        AfterReleaseOf(extent.Start, extent.IsWhole ? long.MaxValue : extent.Start + extent.Length);
    }

    /// <summary>Tells waiters that were passed over by a change of a hold, or by the appender, from <paramref name="from"/>.</summary>
    internal void NotePassing(HoldKind from, int to, in RangeRequest request)
    {
        if (Tracker.IsWaitedFor)
        {
            WaitTable.NotePassing(this, from, to, request);
        }
    }

    /// <summary>What the release of [start, end) does when there are waiters, or the domain may have to be closed.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal void AfterReleaseOf(long start, long end)
    {
        // Who comes to wait after this finds the room himself.
        if (!Tracker.IsWaitedFor)
        {
            TryCloseRetired();
        }
        else if (!WaitTable.Defers())
        {
            if (TryCloseRetired())
            {
                WaitTable.Dismiss(this);
            }
            else
            {
                WaitTable.Serve(this, start, end, yields: true);
            }
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void AfterReleaseSlow() => AfterReleaseOf(-1, long.MaxValue);

    // Wakes those who wait for what they can never get any more.
    private void DismissWaiters()
    {
        if (Tracker.IsWaitedFor)
        {
            WaitTable.Dismiss(this);
        }
    }

    private TakeStatus TakeBesideWaiters(int index, in RangeRequest request, bool scoped, out HoldToken token, out long word) =>
        Tracker.IsWaitedFor
            ? WaitTable.Take(this, index, request, scoped, out token, out word)
            : TakeNow(index, request, scoped, out token, out word);
}
