namespace FastBuffers.Tests.Memory.Pages;

/// <summary>What a heap must do, in the plainest words: every page of every span by itself, looked at one by one.</summary>
internal sealed class PageModel(int pageSize, int pagesAtOnce)
{
    private readonly SortedDictionary<nint, Page[]> _spans = [];

    private enum Page
    {
        Fresh,
        Idle,
        Out,
    }

    internal long IdleBytes => _spans.Values.Sum(static span => span.Count(static page => page == Page.Idle)) * (long)pageSize;

    internal long MappedBytes => _spans.Count * PageHeap.SpanBytes;

    /// <summary>Where a run of pages will be, or 0 if a span is to be mapped for it.</summary>
    internal nint Predict(int pages) =>
        Tightest(pages, static page => page == Page.Idle) ?? Tightest(pages, static page => page != Page.Out) ?? 0;

    internal void Take(nint address, int pages, bool isNew)
    {
        if (isNew)
        {
            _spans.Add(address, new Page[PageHeap.SpanBytes / pageSize]);
        }

        (Page[] span, int first) = Find(address);
        for (int group = first / pagesAtOnce * pagesAtOnce; group < first + pages; group += pagesAtOnce)
        {
            Span<Page> atOnce = span.AsSpan(group, pagesAtOnce);
            if (!atOnce.ContainsAnyExcept(Page.Fresh))
            {
                atOnce.Fill(Page.Idle);
            }
        }

        Assert.DoesNotContain(Page.Out, span[first..(first + pages)]);
        span.AsSpan(first, pages).Fill(Page.Out);
    }

    internal void Free(nint address, int pages)
    {
        (Page[] span, int first) = Find(address);
        span.AsSpan(first, pages).Fill(Page.Idle);
    }

    internal void Trim()
    {
        foreach ((nint address, Page[] span) in _spans.ToArray())
        {
            span.AsSpan().Replace(Page.Idle, Page.Fresh);
            if (!span.Contains(Page.Out))
            {
                _spans.Remove(address);
            }
        }
    }

    private nint? Tightest(int pages, Predicate<Page> counts)
    {
        (nint? best, int shortest) = (null, int.MaxValue);
        foreach ((nint address, Page[] span) in _spans)
        {
            for (int start = 0, length; start < span.Length; start += length + 1)
            {
                length = span.Skip(start).TakeWhile(page => counts(page)).Count();
                if (length >= pages && length < shortest)
                {
                    (best, shortest) = (address + (start * pageSize), length);
                }
            }
        }

        return best;
    }

    private (Page[] Span, int First) Find(nint address)
    {
        (nint at, Page[] span) = _spans.Last(span => span.Key <= address);
        Assert.InRange(address - at, 0, PageHeap.SpanBytes - 1);
        return (span, (int)((address - at) / pageSize));
    }
}
