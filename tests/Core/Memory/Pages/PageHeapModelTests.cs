using CsCheck;
using FastBuffers.Tests.Infrastructure;

namespace FastBuffers.Tests.Memory.Pages;

/// <summary>Random runs against the naive model, the place of each run included; a failing program is printed with its seed.</summary>
public sealed class PageHeapModelTests
{
    private static readonly Gen<Step> s_step = Gen.Select(
        Gen.Frequency(
            (50, Gen.Const(Operation.Allocate)), (45, Gen.Const(Operation.Free)), (4, Gen.Const(Operation.Trim)),
            (2, Gen.Const(Operation.FreeAll))),
        Gen.Frequency((10, Gen.Int[1, 9]), (3, Gen.Int[10, 80]), (2, Gen.Int[81, 513])),
        Gen.Int[0, 999],
        static (operation, pages, which) => new Step(operation, pages, which));

    private static readonly Gen<(int PageSize, bool HugePages, Step[] Steps)> s_case = Gen.Select(
        Gen.Int[0, 2].Select(static power => Math.Max(4096 << (2 * power), Environment.SystemPageSize)),
        Gen.Bool,
        s_step.Array[1, 120]);

    private enum Operation
    {
        Allocate,
        Free,
        FreeAll,
        Trim,
    }

    [Fact]
    public void Runs_are_where_the_model_puts_them_and_keep_their_bytes() =>
        s_case.Sample(static test => Run(test.PageSize, test.HugePages, test.Steps), iter: 400, threads: 2);

    private static void Run(int pageSize, bool hugePages, Step[] steps)
    {
        var memory = new WatchedMemory(pageSize) { HasHugePages = hugePages };
        using var heap = new PageHeap(memory);
        var program = new Program(heap, new PageModel(pageSize, hugePages ? (2 << 20) / pageSize : 1));
        foreach (Step step in steps)
        {
            program.Do(step);
            Assert.Equal(heap.MappedBytes, memory.MappedBytes);
        }

        program.Do(new Step(Operation.FreeAll, 0, 0));
        program.Do(new Step(Operation.Trim, 0, 0));
        Assert.Equal((0, 0, 0), (heap.MappedBytes, heap.IdleBytes, memory.Mappings));
    }

    private sealed record Step(Operation Operation, int Pages, int Which);

    private sealed record Held(nint Address, int Pages, int Stamp);

    private sealed class Program(PageHeap heap, PageModel model)
    {
        private readonly List<Held> _out = [];
        private int _stamp;

        internal void Do(Step step)
        {
            switch (step.Operation)
            {
                case Operation.Allocate:
                    Allocate(step.Pages);
                    break;
                case Operation.Free when _out.Count != 0:
                    Free(step.Which % _out.Count);
                    break;
                case Operation.FreeAll:
                    while (_out.Count != 0)
                    {
                        Free(step.Which % _out.Count);
                    }

                    break;
                case Operation.Trim:
                    long idle = model.IdleBytes;
                    model.Trim();
                    Assert.Equal(idle, heap.Trim());
                    break;
            }

            Assert.Equal(model.IdleBytes, heap.IdleBytes);
            Assert.Equal(model.MappedBytes + Alone(), heap.MappedBytes);
        }

        private unsafe void Allocate(int pages)
        {
            nint expected = IsAlone(pages) ? 0 : model.Predict(pages);
            nint address = heap.Allocate(((long)pages * heap.PageSize) - (_stamp % heap.PageSize));
            Assert.Equal(0, address % heap.PageSize);
            Assert.True(expected == 0 || address == expected, $"0x{address:X} instead of 0x{expected:X}.");
            if (!IsAlone(pages))
            {
                model.Take(address, pages, isNew: expected == 0);
            }

            _out.Add(new Held(address, pages, ++_stamp));
            *(int*)address = _stamp;
            *Last(address, pages) = _stamp;
        }

        private unsafe void Free(int index)
        {
            (nint address, int pages, int stamp) = _out[index];
            _out.RemoveAt(index);
            Assert.Equal((stamp, stamp), (*(int*)address, *Last(address, pages)));
            heap.Free(address, (long)pages * heap.PageSize);
            Assert.Throws<InvalidOperationException>(() => heap.Free(address, (long)pages * heap.PageSize));
            if (!IsAlone(pages))
            {
                model.Free(address, pages);
            }
        }

        private long Alone() => _out.Where(run => IsAlone(run.Pages)).Sum(run => (long)run.Pages * heap.PageSize);

        private bool IsAlone(int pages) => (long)pages * heap.PageSize > PageHeap.SpanBytes / 2;

        private unsafe int* Last(nint address, int pages) => (int*)(address + (nint)((long)pages * heap.PageSize)) - 1;
    }
}
