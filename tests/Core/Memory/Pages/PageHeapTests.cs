using FastBuffers.Tests.Infrastructure;

namespace FastBuffers.Tests.Memory.Pages;

/// <summary>Handing out and taking back, with the pages of each common size.</summary>
public sealed class PageHeapTests
{
    private const long Span = PageHeap.SpanBytes;

    [Theory]
    [InlineData(4)]
    [InlineData(16)]
    [InlineData(64)]
    public void Lengths_and_addresses_are_whole_pages(int kibibytes)
    {
        WatchedMemory memory = Pages(kibibytes);
        using var heap = new PageHeap(memory);
        int page = heap.PageSize;
        Assert.Equal(page, memory.PageSize);
        Assert.Equal((0, page, page, 2L * page), (heap.RoundUp(0), heap.RoundUp(1), heap.RoundUp(page), heap.RoundUp(page + 1)));

        nint first = heap.Allocate(1);
        nint second = heap.Allocate(page + 1);
        nint third = heap.Allocate(page);
        Assert.Equal((page, 3 * page), (second - first, third - first));

        heap.Free(second, page + 1);
        heap.Free(first, page);
        Assert.Equal(first, heap.Allocate(3L * page));
        heap.Free(first, 3L * page);
        heap.Free(third, 1);
    }

    [Fact]
    public void A_length_that_is_none_is_refused_and_one_too_long_is_named()
    {
        using var heap = new PageHeap(SystemMemory.Current);
        Assert.Throws<ArgumentOutOfRangeException>(() => heap.Allocate(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => heap.Allocate(-1));
        Assert.Contains("1,152,921,504,606,846,976", OutOfMemory(() => heap.Allocate(1L << 60)), StringComparison.Ordinal);
        Assert.Contains("9,223,372,036,854,775,807", OutOfMemory(() => heap.Allocate(long.MaxValue)), StringComparison.Ordinal);
        Assert.Equal(0, heap.MappedBytes);
    }

    [Fact]
    public void A_refusal_leaves_the_heap_as_it_was()
    {
        var memory = new WatchedMemory { RefusesToMap = true };
        using var heap = new PageHeap(memory);
        Assert.Contains("4,194,304", OutOfMemory(() => heap.Allocate(1)), StringComparison.Ordinal);
        Assert.Contains("8,388,608", OutOfMemory(() => heap.Allocate(2 * Span)), StringComparison.Ordinal);
        Assert.Equal((0, 0), (heap.MappedBytes, heap.IdleBytes));

        memory.RefusesToMap = false;
        heap.Free(heap.Allocate(1), 1);
    }

    [Fact]
    public void Spans_fill_before_another_is_mapped()
    {
        var memory = new WatchedMemory();
        using var heap = new PageHeap(memory);
        nint[] halves = [heap.Allocate(Span / 2), heap.Allocate(Span / 2), heap.Allocate(Span / 2), heap.Allocate(Span / 2)];
        Assert.Equal((2, 2 * Span), (memory.Mappings, heap.MappedBytes));
        Assert.All(halves, static half => Assert.Equal(0, half % (2 << 20)));

        foreach (nint half in halves)
        {
            heap.Free(half, Span / 2);
        }

        Assert.Equal((2 * Span, 2 * Span), (heap.MappedBytes, heap.IdleBytes));
        Assert.Equal(2 * Span, heap.Trim());
        Assert.Equal((0, 0), (heap.MappedBytes, memory.Mappings));
    }

    [Fact]
    public void What_is_longer_than_half_a_span_is_mapped_alone_and_unmapped_at_once()
    {
        var memory = new WatchedMemory();
        using var heap = new PageHeap(memory);
        long bytes = (Span / 2) + 1;
        long rounded = (Span / 2) + heap.PageSize;
        nint first = heap.Allocate(bytes);
        nint second = heap.Allocate(5 * Span);
        Assert.Equal((rounded + (5 * Span), 2), (heap.MappedBytes, memory.Mappings));
        Assert.Equal((0, 0), (first % (2 << 20), second % (2 << 20)));

        heap.Free(first, bytes);
        Assert.Equal((5 * Span, 0), (heap.MappedBytes, heap.IdleBytes));
        heap.Free(second, 5 * Span);
        Assert.Equal((0, 0), (heap.MappedBytes, memory.Mappings));
    }

    [Fact]
    public void The_tightest_stretch_is_taken_and_the_lowest_of_equals()
    {
        using var heap = new PageHeap(new WatchedMemory());
        int page = heap.PageSize;
        nint[] pages = [.. Enumerable.Range(0, 20).Select(_ => heap.Allocate(page))];
        FreeAll(pages[1..5], pages[6..8], pages[10..12]);

        Assert.Equal(pages[6], heap.Allocate(2 * page));
        Assert.Equal(pages[10], heap.Allocate(page));
        Assert.Equal(pages[11], heap.Allocate(page));
        Assert.Equal(pages[1], heap.Allocate(3 * page));

        void FreeAll(params nint[][] runs)
        {
            foreach (nint run in runs.SelectMany(static run => run))
            {
                heap.Free(run, page);
            }
        }
    }

    [Fact]
    public void Whatever_is_not_out_with_this_length_is_refused_and_changes_nothing()
    {
        using var heap = new PageHeap(new WatchedMemory());
        int page = heap.PageSize;
        nint run = heap.Allocate(3 * page);
        nint next = heap.Allocate(page);
        nint alone = heap.Allocate(Span);
        (nint, long)[] wrong =
        [
            (run, page), (run, 4 * page), (run + page, 2 * page), (run + page, page), (run + 1, 3 * page), (run - page, page),
            (run, 0), (run, -1), (run, long.MaxValue), (run, Span), (0, page), (next, Span / 2), (next + page, page), (-page, page),
            (alone, Span - page), (alone, Span + page), (alone, page), (alone + page, Span - page),
        ];
        Assert.All(wrong, no => Assert.Throws<InvalidOperationException>(() => heap.Free(no.Item1, no.Item2)));
        Assert.Equal((2 * Span, 0), (heap.MappedBytes, heap.IdleBytes));

        heap.Free(run, 3 * page);
        heap.Free(alone, Span);
        string message = Assert.Throws<InvalidOperationException>(() => heap.Free(run, 3 * page)).Message;
        Assert.Contains($"0x{run:X}", message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => heap.Free(alone, Span));
        heap.Free(next, page);
    }

    private static WatchedMemory Pages(int kibibytes) => new(Math.Max(kibibytes << 10, Environment.SystemPageSize));

    private static string OutOfMemory(Action action) => Assert.IsType<OutOfMemoryException>(Record.Exception(action)).Message;
}
