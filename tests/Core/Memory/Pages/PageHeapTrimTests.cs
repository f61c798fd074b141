using FastBuffers.Tests.Infrastructure;

namespace FastBuffers.Tests.Memory.Pages;

/// <summary>What is idle, and giving it back.</summary>
public sealed class PageHeapTrimTests
{
    private const long Span = PageHeap.SpanBytes;
    private const long HugePage = 2 << 20;

    [Fact]
    public void Idle_is_what_was_out_and_is_not_discarded()
    {
        var memory = new WatchedMemory();
        using var heap = new PageHeap(memory);
        int page = heap.PageSize;
        nint[] runs = [.. Enumerable.Range(0, 5).Select(_ => heap.Allocate(2 * page))];
        Assert.Equal(0, heap.IdleBytes);

        heap.Free(runs[1], 2 * page);
        heap.Free(runs[3], 2 * page);
        Assert.Equal(4 * page, heap.IdleBytes);
        Assert.Equal(4 * page, heap.Trim());
        Assert.Equal([(runs[1], 2L * page), (runs[3], 2L * page)], memory.Discarded);
        Assert.Equal((0, 0), (heap.IdleBytes, heap.Trim()));
        Assert.Equal(2, memory.Discarded.Count);
        Assert.Equal(Span, heap.MappedBytes);
    }

    [Fact]
    public void What_is_idle_is_used_before_what_is_discarded_and_that_before_what_is_new()
    {
        var memory = new WatchedMemory();
        using var heap = new PageHeap(memory);
        int page = heap.PageSize;
        nint[] runs = [.. Enumerable.Range(0, 9).Select(_ => heap.Allocate(page))];
        heap.Free(runs[1], page);
        heap.Trim();
        heap.Free(runs[4], page);
        heap.Free(runs[5], page);
        heap.Free(runs[6], page);

        Assert.Equal(runs[4], heap.Allocate(2 * page));
        Assert.Equal(runs[6], heap.Allocate(page));
        Assert.Equal(runs[1], heap.Allocate(page));
        Assert.Equal(runs[8] + page, heap.Allocate(Span / 2));
        Assert.Equal(1, memory.Mappings);
    }

    [Fact]
    public void A_stretch_that_is_idle_in_part_is_one_stretch()
    {
        var memory = new WatchedMemory();
        using var heap = new PageHeap(memory);
        int page = heap.PageSize;
        nint[] runs = [.. Enumerable.Range(0, 6).Select(_ => heap.Allocate(page))];
        heap.Free(runs[2], page);
        heap.Trim();
        heap.Free(runs[1], page);
        heap.Free(runs[3], page);

        Assert.Equal(runs[1], heap.Allocate(3 * page));
        Assert.Equal(0, heap.IdleBytes);
    }

    [Fact]
    public void The_first_use_of_a_huge_page_backs_all_of_it()
    {
        var memory = new WatchedMemory { HasHugePages = true };
        using var heap = new PageHeap(memory);
        int page = heap.PageSize;
        nint first = heap.Allocate(page);
        Assert.Equal(HugePage - page, heap.IdleBytes);
        nint second = heap.Allocate(HugePage);
        Assert.Equal((first + page, Span - HugePage - page), (second, heap.IdleBytes));

        heap.Trim();
        heap.Free(second, HugePage);
        Assert.Equal((HugePage, HugePage), (heap.IdleBytes, heap.Trim()));
        nint third = heap.Allocate(page);
        Assert.Equal((first + page, 0), (third, heap.IdleBytes));
    }

    [Fact]
    public void What_the_system_does_not_take_stays_for_the_next_time()
    {
        var memory = new WatchedMemory { RefusesToDiscard = true, RefusesToUnmap = true };
        using var heap = new PageHeap(memory);
        int page = heap.PageSize;
        nint run = heap.Allocate(page);
        nint alone = heap.Allocate(Span);
        heap.Free(alone, Span);
        heap.Free(run, page);
        Assert.Equal((0, page, 2 * Span), (heap.Trim(), heap.IdleBytes, heap.MappedBytes));

        memory.RefusesToDiscard = false;
        Assert.Equal((page, 0, 2 * Span), (heap.Trim(), heap.IdleBytes, heap.MappedBytes));
        Assert.Equal(run, heap.Allocate(page));
        heap.Free(run, page);

        memory.RefusesToUnmap = false;
        Assert.Equal((page, 0, 0), (heap.Trim(), heap.MappedBytes, memory.Mappings));
    }

    [Fact]
    public unsafe void What_is_out_outlives_the_heap()
    {
        var memory = new WatchedMemory();
        var heap = new PageHeap(memory);
        int page = heap.PageSize;
        nint kept = heap.Allocate(page);
        nint other = heap.Allocate(page);
        nint alone = heap.Allocate(Span);
        nint[] rest = [heap.Allocate(Span / 2), heap.Allocate(Span / 2)];
        *(byte*)kept = 5;
        *(byte*)alone = 6;
        heap.Free(rest[1], Span / 2);
        Assert.Equal(3, memory.Mappings);

        heap.Dispose();
        heap.Dispose();

        Assert.Equal((2, 0), (memory.Mappings, heap.IdleBytes));
        Assert.Throws<ObjectDisposedException>(() => heap.Allocate(page));
        Assert.Throws<ObjectDisposedException>(() => heap.Allocate(Span));
        Assert.Equal((5, 6), (*(byte*)kept, *(byte*)alone));
        heap.Free(other, page);
        heap.Free(rest[0], Span / 2);
        Assert.Equal((2, 5), (memory.Mappings, *(byte*)kept));
        heap.Free(kept, page);
        Assert.Equal(1, memory.Mappings);
        heap.Free(alone, Span);
        Assert.Equal((0, 0), (memory.Mappings, heap.MappedBytes));
        Assert.Throws<InvalidOperationException>(() => heap.Free(kept, page));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public unsafe void Trimming_takes_the_memory_from_behind_what_is_free(bool hugePages)
    {
        using var heap = new PageHeap(SystemMemory.Current, hugePages);
        int page = heap.PageSize;
        nint kept = heap.Allocate(page);
        nint freed = heap.Allocate(HugePage - page);
        new Span<byte>((void*)kept, page).Fill(3);
        new Span<byte>((void*)freed, (int)HugePage - page).Fill(4);
        AssertResident(HugePage, kept, HugePage);

        heap.Free(freed, HugePage - page);
        AssertResident(HugePage, kept, HugePage);
        Assert.Equal(HugePage - page, heap.Trim());

        AssertResident(page, kept, HugePage);
        Assert.Equal(-1, new Span<byte>((void*)kept, page).IndexOfAnyExcept((byte)3));
        heap.Free(kept, page);
    }

    // With huge pages, what never was out is backed as well.
    [Fact]
    public unsafe void Trimming_takes_the_memory_that_came_with_a_huge_page()
    {
        using var heap = new PageHeap(SystemMemory.Current);
        int page = heap.PageSize;
        nint kept = heap.Allocate(page);
        *(byte*)kept = 1;

        heap.Trim();

        AssertResident(page, kept, HugePage);
        Assert.Equal(1, *(byte*)kept);
        heap.Free(kept, page);
    }

    private static void AssertResident(long expected, nint address, long bytes)
    {
        if (Residency.IsKnown)
        {
            Assert.Equal(expected, Residency.Count(address, bytes));
        }
    }
}
