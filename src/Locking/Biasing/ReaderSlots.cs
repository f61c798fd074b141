using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace FastBuffers.Locking;

/// <summary>
/// All slots for biased holds, and how a thread finds its own: by the page that its stack is in at the moment.
/// </summary>
/// <remarks>
/// <para>Stacks begin and end at pages, so that a page is in the stack of one living thread alone, whatever became of the thread that had it
/// before; and a hold carries its slot along, so that it may end in another page than it began. So nothing has to be known of threads, not
/// even that one has ended, and to find the slot is to compare an address. (A look-up of thread-local data takes as long as the two
/// compare-and-swaps that are to be saved, where the compiler cannot share it between holds.)</para>
/// <para>Of two pages that would have the same place, the later one goes without: what runs there takes holds the ordinary way.</para>
/// </remarks>
internal static unsafe class ReaderSlots
{
    /// <summary>The most slots of a page: holds inside each other that are biased.</summary>
    private const int MaxDepth = 4;

    // The smallest page there is: larger ones are whole numbers of these.
    private const int PageLog = 12;
    private const int PlaceBits = 10;

    // Nobody's page, so that no place is empty.
    private static readonly ReaderSlot s_none = new(nuint.MaxValue);

    private static readonly ReaderSlot[] s_places = [.. Enumerable.Repeat(s_none, 1 << PlaceBits)];

    private static ReaderSlot[] s_all = [];

    /// <summary>All slots there are. A revocation that has changed a domain's key finds those in it whose holds it has to count.</summary>
    internal static ReadOnlySpan<ReaderSlot> All => Volatile.Read(ref s_all);

    /// <summary>The number of the page that the calling thread's stack is in.</summary>
    internal static nuint Page
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        [SkipLocalsInit]
        get
        {
            byte here;
            return (nuint)(&here) >> PageLog;
        }
    }

    /// <summary>The first slot of a page, or one of another page, which is for nobody who runs in this one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static ReaderSlot At(nuint page) =>
        Volatile.Read(ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(s_places), PlaceOf(page)));

    /// <summary>Makes a slot known to revocations. Before it is first used.</summary>
    internal static void Add(ReaderSlot slot)
    {
        // Allocated again if somebody else came first, which is rare: under a lock nothing is to be allocated.
        while (true)
        {
            ReaderSlot[] all = Volatile.Read(ref s_all);
            ReaderSlot[] more = [.. all, slot];
            if (Interlocked.CompareExchange(ref s_all, more, all) == all)
            {
                return;
            }
        }
    }

    /// <summary>A free slot of the calling thread, when the first one is not; null if there is none.</summary>
    /// <param name="page">Where it runs.</param>
    internal static ReaderSlot? Another(nuint page)
    {
        ReaderSlot first = At(page);
        if (first == s_none)
        {
            var mine = new ReaderSlot(page);
            Add(mine);
            return Interlocked.CompareExchange(ref s_places[PlaceOf(page)], mine, s_none) == s_none ? mine : null;
        }

        if (first.Page != page)
        {
            return null;
        }

        ReaderSlot slot = first;
        for (int depth = 1; depth < MaxDepth; depth++)
        {
            if (slot.Next is not { } next)
            {
                next = new ReaderSlot(page);
                Add(next);
                slot.Next = next;
                return next;
            }

            if (!next.IsBusy)
            {
                return next;
            }

            slot = next;
        }

        return null;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint PlaceOf(nuint page) => ((uint)page * 0x9E3779B1) >> (32 - PlaceBits);
}
