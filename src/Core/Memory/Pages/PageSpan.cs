namespace FastBuffers;

/// <summary>
/// One mapping that runs of pages are cut from. It knows of each page whether it is free, and of each free one whether it is idle:
/// whether physical memory may be behind it. Not thread-safe.
/// </summary>
internal sealed class PageSpan
{
    private readonly int _pages;
    private readonly int _pagesAtOnce;
    private readonly PageBits _free;
    private readonly PageBits _idle;
    private readonly PageBits _starts;
    private int _longestFree;
    private int _longestIdle;

    /// <summary>A span whose pages are all free and were never used.</summary>
    /// <param name="address">Where it begins.</param>
    /// <param name="pages">The number of pages, above 0.</param>
    /// <param name="pagesAtOnce">
    /// How many pages, from a multiple of it on, the first use of one of them may back: 1 without huge pages.
    /// </param>
    internal PageSpan(nint address, int pages, int pagesAtOnce)
    {
        Address = address;
        _pages = pages;
        _pagesAtOnce = pagesAtOnce;
        _free = new PageBits(pages);
        _idle = new PageBits(pages);
        _starts = new PageBits(pages);
        _free.Set(new PageStretch(0, pages));
        _longestFree = pages;
    }

    internal nint Address { get; }

    /// <summary>Whether nothing of it is out.</summary>
    internal bool IsFree => _longestFree == _pages;

    internal int IdlePages { get; private set; }

    /// <summary>The shortest stretch of free pages, or of idle ones alone, that has the length; the first of several.</summary>
    internal PageStretch Tightest(int length, bool idle) =>
        length > (idle ? _longestIdle : _longestFree) ? default : (idle ? _idle : _free).Tightest(length);

    /// <summary>Hands out free pages as one run.</summary>
    internal void Take(PageStretch run)
    {
        for (int start = run.Start - (run.Start % _pagesAtOnce); start < run.End; start += _pagesAtOnce)
        {
            BackAtOnce(new PageStretch(start, Math.Min(_pagesAtOnce, _pages - start)));
        }

        _free.Clear(run);
        _idle.Clear(run);
        _starts.Set(new PageStretch(run.Start, 1));
        Measure();
    }

    /// <summary>Takes a run back, which is idle then.</summary>
    /// <returns>Whether this very run was out.</returns>
    internal bool TryRelease(PageStretch run)
    {
        if (run.End > _pages || !_starts[run.Start] || RunEnd(run.Start) != run.End)
        {
            return false;
        }

        _starts.Clear(new PageStretch(run.Start, 1));
        _free.Set(run);
        _idle.Set(run);
        Measure();
        return true;
    }

    /// <summary>Gives back the memory behind idle pages; they stay idle where the system does not take it.</summary>
    internal void Discard(SystemMemory memory)
    {
        long pageSize = memory.PageSize;
        for (PageStretch next = _idle.NextStretch(0); !next.IsNone; next = _idle.NextStretch(next.End))
        {
            if (memory.Discard(Address + (nint)(next.Start * pageSize), next.Length * pageSize))
            {
                _idle.Clear(next);
            }
        }

        Measure();
    }

    // If nothing is behind pages that the system can back by one huge page, it may do so at the first use of any of them.
    private void BackAtOnce(PageStretch pages)
    {
        if (_free.NextClear(pages.Start) >= pages.End && _idle.NextSet(pages.Start) >= pages.End)
        {
            _idle.Set(pages);
        }
    }

    private int RunEnd(int start) => Math.Min(_free.NextSet(start), _starts.NextSet(start + 1));

    private void Measure()
    {
        _longestFree = _free.Longest().Length;
        _longestIdle = _idle.Longest().Length;
        IdlePages = _idle.Count();
    }
}
