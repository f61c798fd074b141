using FastBuffers.Tests.Infrastructure;

namespace FastBuffers.Tests.Memory.Pages;

public sealed class PageHeapRaceTests
{
    [Fact]
    public void Racing_threads_never_have_the_same_page()
    {
        using var heap = new PageHeap(SystemMemory.Current);
        Race.Run(() => Churn(heap, 1), () => Churn(heap, 2), () => Trim(heap));
        heap.Trim();
        Assert.Equal((0, 0), (heap.MappedBytes, heap.IdleBytes));
    }

    private static unsafe void Churn(PageHeap heap, int seed)
    {
        var random = new Random(seed);
        var runs = new Queue<(nint Address, long Bytes)>();
        for (int i = 0; i < 4000; i++)
        {
            long bytes = random.Next(1, i % 100 == 0 ? 3 << 20 : 50 << 10);
            nint address = heap.Allocate(bytes);
            *(nint*)address = address + seed;
            *((byte*)address + bytes - 1) = (byte)seed;
            runs.Enqueue((address, bytes));
            if (runs.Count > 20)
            {
                Free(heap, runs.Dequeue(), seed);
            }
        }

        while (runs.TryDequeue(out (nint Address, long Bytes) run))
        {
            Free(heap, run, seed);
        }
    }

    private static unsafe void Free(PageHeap heap, (nint Address, long Bytes) run, int seed)
    {
        Assert.True(run.Bytes < 16 || *(nint*)run.Address == run.Address + seed);
        Assert.Equal((byte)seed, *((byte*)run.Address + run.Bytes - 1));
        heap.Free(run.Address, run.Bytes);
    }

    private static void Trim(PageHeap heap)
    {
        for (int i = 0; i < 300; i++)
        {
            heap.Trim();
            Assert.True(heap.IdleBytes >= 0);
            Thread.Yield();
        }
    }
}
