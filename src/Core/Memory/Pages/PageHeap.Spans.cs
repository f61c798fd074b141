namespace FastBuffers;

// The runs that are cut from spans.
internal sealed partial class PageHeap
{
    private nint Cut(int pages)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            (PageSpan? span, PageStretch stretch) = FindTightest(pages, idle: true);
            if (span is null)
            {
                (span, stretch) = FindTightest(pages, idle: false);
            }

            span ??= AddSpan();
            span.Take(new PageStretch(stretch.Start, pages));
            return span.Address + (nint)((long)stretch.Start * PageSize);
        }
    }

    private (PageSpan? Span, PageStretch Stretch) FindTightest(int pages, bool idle)
    {
        PageSpan? best = null;
        PageStretch tightest = default;
        foreach (PageSpan span in _spans)
        {
            PageStretch stretch = span.Tightest(pages, idle);
            if (!stretch.IsNone && (best is null || stretch.Length < tightest.Length))
            {
                (best, tightest) = (span, stretch);
                if (stretch.Length == pages)
                {
                    break;
                }
            }
        }

        return (best, tightest);
    }

    private PageSpan AddSpan()
    {
        nint address = _memory.Map(SpanBytes, HugePageBytes);
        try
        {
            bool huge = _memory.AdviseHugePages(address, SpanBytes, _hugePages);
            var span = new PageSpan(address, (int)(SpanBytes / PageSize), huge ? (int)(HugePageBytes / PageSize) : 1);
            _spans.Insert(~IndexOf(address), span);
            _mapped += SpanBytes;
            return span;
        }
        catch
        {
            _memory.Unmap(address, SpanBytes);
            throw;
        }
    }

    private void Return(nint address, int pages)
    {
        lock (_lock)
        {
            int index = IndexOf(address);
            index = index < 0 ? ~index - 1 : index;
            PageSpan? span = index < 0 ? null : _spans[index];
            long offset = (long)address - (span?.Address ?? 0);
            if (span is null
                || offset >= SpanBytes
                || offset % PageSize != 0
                || !span.TryRelease(new PageStretch((int)(offset / PageSize), pages)))
            {
                throw PageErrors.NotOut(address, (long)pages * PageSize);
            }

            if (_disposed && span.IsFree)
            {
                GiveBack(index);
            }
        }
    }

    // A span of which nothing is out, and that the system does not take now, stays and is free.
    private void GiveBack(int index)
    {
        PageSpan span = _spans[index];
        if (span.IsFree && _memory.Unmap(span.Address, SpanBytes))
        {
            _spans.RemoveAt(index);
            _mapped -= SpanBytes;
        }
        else
        {
            span.Discard(_memory);
        }
    }

    // The span at the address, or the complement of where it would be.
    private int IndexOf(nint address)
    {
        (int low, int high) = (0, _spans.Count - 1);
        while (low <= high)
        {
            int middle = (low + high) / 2;
            nint at = _spans[middle].Address;
            if (at == address)
            {
                return middle;
            }

            (low, high) = at < address ? (middle + 1, high) : (low, middle - 1);
        }

        return ~low;
    }
}
