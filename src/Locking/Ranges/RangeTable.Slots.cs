using System.Numerics;

namespace FastBuffers.Locking;

// The identities of ranges. Pages of slots never move, because holders look at their slot without the lock.
internal sealed partial class RangeTable
{
    private const int FirstPageLength = 8;
    private const int MaxPages = 16;
    private const int None = -1;

    // Each page is twice as long as the one before it.
    private readonly RangeSlot[]?[] _pages = NewPages();
    private int _pageCount = 1;
    private int _usedSlots;
    private int _freeSlots;
    private int _firstFree = None;

    /// <summary>Whether no slot is left for ever: each was used as often as there are generations, or is in use.</summary>
    internal bool IsExhausted => _freeSlots == 0 && _usedSlots == RangeToken.MaxSlots;

    /// <summary>The range of a live hold; false when it has ended. Needs no lock.</summary>
    internal bool TryGetRange(long token, out long start, out long end)
    {
        int index = RangeToken.Slot(token);
        int page = PageOf(index);
        if (Volatile.Read(ref _pages[page]) is { } slots)
        {
            ref RangeSlot slot = ref slots[index + FirstPageLength - (FirstPageLength << page)];
            start = Volatile.Read(ref slot.Start);
            end = Volatile.Read(ref slot.End);
            return Volatile.Read(ref slot.State) == token;
        }

        start = end = 0;
        return false;
    }

    private static RangeSlot[]?[] NewPages()
    {
        var pages = new RangeSlot[]?[MaxPages];
        pages[0] = new RangeSlot[FirstPageLength];
        return pages;
    }

    private static int PageOf(int index) => BitOperations.Log2((uint)(index + FirstPageLength)) - BitOperations.Log2(FirstPageLength);

    // The number of slots in the first pages.
    private static int SlotsIn(int pages) => (FirstPageLength << pages) - FirstPageLength;

    private ref RangeSlot Slot(int index)
    {
        int page = PageOf(index);
        return ref _pages[page]![index + FirstPageLength - (FirstPageLength << page)];
    }

    // The length of the page that is missing for so many slots more, or 0.
    private int MissingPage(int slots)
    {
        int unused = Math.Min(SlotsIn(_pageCount), RangeToken.MaxSlots) - _usedSlots;
        return _freeSlots + unused >= slots || _pageCount == MaxPages ? 0 : FirstPageLength << _pageCount;
    }

    private void AddPage(RangeSlot[]? page)
    {
        if (page?.Length == FirstPageLength << _pageCount)
        {
            Volatile.Write(ref _pages[_pageCount++], page);
        }
    }

    private int TakeSlot()
    {
        if (_freeSlots == 0)
        {
            Slot(_usedSlots).State = RangeToken.Unused(_usedSlots);
            return _usedSlots++;
        }

        int index = _firstFree;
        _firstFree = Slot(index).NextFree;
        _freeSlots--;
        return index;
    }

    private long Occupy(int index, int kind, long start, long end)
    {
        ref RangeSlot slot = ref Slot(index);
        long token = RangeToken.Next(Volatile.Read(ref slot.State), kind);

        // Each after the end of the hold before, and before the new one begins: see RangeSlot.
        Volatile.Write(ref slot.Start, start);
        Volatile.Write(ref slot.End, end);
        Volatile.Write(ref slot.State, token);
        return token;
    }

    private void Vacate(int index, long token)
    {
        ref RangeSlot slot = ref Slot(index);
        long ended = RangeToken.Ended(token);
        Volatile.Write(ref slot.State, ended);
        if (!RangeToken.IsWorn(ended))
        {
            slot.NextFree = _firstFree;
            _firstFree = index;
            _freeSlots++;
        }
    }
}
