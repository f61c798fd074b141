using System.Numerics;
using FastBuffers.Tests.Infrastructure;

namespace FastBuffers.Tests.Memory.Pages;

/// <summary>The memory of the system that the tests run on, and the fallback, whatever the system.</summary>
public sealed class SystemMemoryTests
{
    private const long Bytes = 8 << 20;

    public static TheoryData<string> Memories => [nameof(SystemMemory.Current), nameof(PortableMemory)];

    [Fact]
    public void There_is_one_and_its_pages_have_the_size_of_the_systems()
    {
        Assert.Same(SystemMemory.Current, SystemMemory.Current);
        Assert.Equal(Environment.SystemPageSize, SystemMemory.Current.PageSize);
        Assert.True(BitOperations.IsPow2(SystemMemory.Current.PageSize));
    }

    [Theory]
    [MemberData(nameof(Memories))]
    public unsafe void What_is_mapped_is_aligned_and_zero_and_can_be_written(string name)
    {
        SystemMemory memory = Named(name);
        foreach (long alignment in (long[])[memory.PageSize, 64 << 10, 2 << 20, 64 << 20])
        {
            foreach (long bytes in (long[])[memory.PageSize, 3L * memory.PageSize, 2 << 20])
            {
                nint address = memory.Map(bytes, alignment);
                Assert.Equal(0, address % alignment);
                var span = new Span<byte>((void*)address, (int)bytes);
                Assert.Equal(-1, span.IndexOfAnyExcept((byte)0));
                span.Fill(0xA5);
                Assert.True(memory.Unmap(address, bytes));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Memories))]
    public void What_is_not_to_be_had_is_named_with_its_size(string name)
    {
        SystemMemory memory = Named(name);
        Exception? thrown = Record.Exception(() => memory.Map(1L << 60, 2 << 20));
        string message = Assert.IsType<OutOfMemoryException>(thrown).Message;
        Assert.Contains("1,152,921,504,606,846,976", message, StringComparison.Ordinal);
        Assert.Throws<OutOfMemoryException>(() => memory.Map(long.MaxValue - memory.PageSize + 1, 2 << 20));
    }

    [Theory]
    [MemberData(nameof(Memories))]
    public unsafe void Neighbours_survive_the_unmapping_and_discarding_of_one(string name)
    {
        SystemMemory memory = Named(name);
        nint[] blocks = [.. Enumerable.Range(0, 8).Select(_ => memory.Map(2 << 20, 2 << 20))];
        foreach (nint block in blocks)
        {
            new Span<byte>((void*)block, 2 << 20).Fill(7);
        }

        Assert.True(memory.Unmap(blocks[3], 2 << 20));
        memory.Discard(blocks[5], 2 << 20);
        foreach (int survivor in (int[])[0, 1, 2, 4, 6, 7])
        {
            Assert.Equal(-1, new Span<byte>((void*)blocks[survivor], 2 << 20).IndexOfAnyExcept((byte)7));
            Assert.True(memory.Unmap(blocks[survivor], 2 << 20));
        }

        Assert.True(memory.Unmap(blocks[5], 2 << 20));
    }

    [Fact]
    public unsafe void What_is_discarded_has_no_memory_until_it_is_used_again()
    {
        SystemMemory memory = SystemMemory.Current;
        nint address = memory.Map(Bytes, 2 << 20);
        memory.AdviseHugePages(address, Bytes, wanted: false);
        AssertResident(0, address);
        new Span<byte>((void*)address, (int)Bytes).Fill(1);
        AssertResident(Bytes, address);

        Assert.True(memory.Discard(address + memory.PageSize, Bytes - memory.PageSize));

        AssertResident(memory.PageSize, address);
        Assert.Equal(1, *(byte*)address);
        var last = (byte*)(address + (nint)Bytes - 1);
        Assert.True(*last is 0 or 1);
        *last = 2;
        Assert.Equal(2, *last);
        Assert.True(memory.Unmap(address, Bytes));
    }

    [Fact]
    public unsafe void Huge_pages_are_a_wish_and_discarded_like_others()
    {
        SystemMemory memory = SystemMemory.Current;
        nint address = memory.Map(Bytes, 2 << 20);
        Assert.False(memory.AdviseHugePages(address, Bytes, wanted: false));
        memory.AdviseHugePages(address, Bytes, wanted: true);
        new Span<byte>((void*)address, (int)Bytes).Fill(1);

        Assert.True(memory.Discard(address, Bytes));

        AssertResident(0, address);
        Assert.True(memory.Unmap(address, Bytes));
    }

    [Fact]
    public unsafe void Access_is_taken_away_and_given_again_and_the_bytes_stay()
    {
        SystemMemory memory = SystemMemory.Current;
        nint address = memory.Map(4L * memory.PageSize, memory.PageSize);
        var bytes = new Span<byte>((void*)address, 4 * memory.PageSize);
        bytes.Fill(9);
        nint second = address + memory.PageSize;

        Assert.True(memory.Protect(second, memory.PageSize, PageAccess.None));
        *(byte*)address = 9;
        *(byte*)(second + memory.PageSize) = 9;
        Assert.True(memory.Protect(second, memory.PageSize, PageAccess.Read));
        Assert.Equal(9, *(byte*)second);
        Assert.True(memory.Protect(second, memory.PageSize, PageAccess.ReadWrite));

        Assert.Equal(-1, bytes.IndexOfAnyExcept((byte)9));
        bytes.Clear();
        Assert.True(memory.Unmap(address, 4L * memory.PageSize));
    }

    [Fact]
    public void What_cannot_be_protected_is_not()
    {
        SystemMemory memory = SystemMemory.Current;
        Assert.False(memory.Protect(0, memory.PageSize, PageAccess.ReadWrite));
    }

    [Fact]
    public void Where_the_system_is_unknown_nothing_is_given_back_early_or_protected()
    {
        var memory = new PortableMemory();
        nint address = memory.Map(memory.PageSize, memory.PageSize);
        Assert.False(memory.Discard(address, memory.PageSize));
        Assert.False(memory.Protect(address, memory.PageSize, PageAccess.None));
        Assert.False(memory.AdviseHugePages(address, memory.PageSize, wanted: true));
        Assert.True(memory.Unmap(address, memory.PageSize));
    }

    private static SystemMemory Named(string name) => name == nameof(PortableMemory) ? new PortableMemory() : SystemMemory.Current;

    private static void AssertResident(long expected, nint address)
    {
        if (Residency.IsKnown)
        {
            Assert.Equal(expected, Residency.Count(address, Bytes));
        }
    }
}
