using System.IO.MemoryMappedFiles;

namespace FastBuffers.Tests.Exporters;

[Collection(ProcessWide.Name)]
public sealed class MappedViewTests : IDisposable
{
    private const int Offset = 5_001;
    private const int Size = 300;

    private readonly string _path = Path.GetTempFileName();
    private readonly MemoryMappedFile _file;

    public MappedViewTests()
    {
        File.WriteAllBytes(_path, [.. Enumerable.Range(0, 10_000).Select(static i => (byte)(i % 251))]);
        _file = MemoryMappedFile.CreateFromFile(_path, FileMode.Open);
    }

    public void Dispose()
    {
        _file.Dispose();
        File.Delete(_path);
    }

    [Fact]
    public void A_view_begins_at_its_offset_and_is_raw()
    {
        using MemoryMappedViewAccessor view = _file.CreateViewAccessor(Offset, Size);
        using Region region = BufferExporter.From(view);
        Assert.Equal((HoldCapabilities.Unknown, Size), (region.Capabilities, region.Length));

        Assert.True(BufferConsumer.TryRaw(region, writable: true, out Lease lease, out _));
        for (int i = 0; i < Size; i++)
        {
            Assert.Equal((byte)((Offset + i) % 251), lease.ReadOnlySpan[i]);
        }

        lease.Span[7] = 0xEE;
        lease.Dispose();
        Assert.Equal(0xEE, view.ReadByte(7));
        Assert.False(BufferConsumer.TryImmutable(region, out _, out HoldRefusal refusal));
        Assert.Equal(HoldRefusal.Unsupported, refusal);
        Assert.Throws<BufferException>(() => region.TryTake(HoldKind.Exclusive, out _));
    }

    [Fact]
    public void A_view_stays_mapped_until_the_last_hold_has_ended()
    {
        MemoryMappedViewAccessor view = _file.CreateViewAccessor(Offset, Size);
        Microsoft.Win32.SafeHandles.SafeMemoryMappedViewHandle handle = view.SafeMemoryMappedViewHandle;
        Region region = BufferExporter.From(view);
        Lease lease = region.Take(HoldKind.Read);

        view.Dispose();
        region.Dispose();
        Assert.Equal(Offset % 251, lease.ReadOnlySpan[0]);
        Assert.False(handle.IsInvalid);
        bool alive = false;
        handle.DangerousAddRef(ref alive);
        handle.DangerousRelease();
        Assert.True(alive);
        lease.Dispose();

        // What the last release did: nobody can acquire the handle any more.
        Assert.Throws<ObjectDisposedException>(() => handle.DangerousAddRef(ref alive));
        Assert.Throws<ObjectDisposedException>(() => BufferExporter.From(view));
    }

    [Fact]
    public void A_view_has_one_region_until_that_is_freed()
    {
        using MemoryMappedViewAccessor view = _file.CreateViewAccessor(0, Size);
        Region region = BufferExporter.From(view, ConflictTable.AllKinds);
        Assert.Same(region, BufferExporter.From(view));
        Assert.Same(region, BufferExporter.From(view, ConflictTable.AllKinds | HoldCapabilities.Declared));
        Assert.Throws<BufferException>(() => BufferExporter.From(view, HoldCapabilities.Read));
        using (region.Take(HoldKind.Exclusive))
        {
            Assert.False(BufferExporter.From(view).TryTake(HoldKind.Read, out _));
        }

        region.Dispose();

        using Region next = BufferExporter.From(view, HoldCapabilities.Read);
        Assert.NotSame(region, next);
        next.Take(HoldKind.Read).Dispose();
    }

    [Theory]
    [InlineData(HoldCapabilities.Unknown, HoldCapabilities.Read)]
    [InlineData(ConflictTable.AllKinds, HoldCapabilities.Read | HoldCapabilities.Immutable)]
    [InlineData(HoldCapabilities.Immutable | HoldCapabilities.Write | HoldCapabilities.Declared, HoldCapabilities.Immutable | HoldCapabilities.Declared)]
    public void A_read_only_view_refuses_to_be_written(HoldCapabilities declared, HoldCapabilities permitted)
    {
        using MemoryMappedViewAccessor view = _file.CreateViewAccessor(0, Size, MemoryMappedFileAccess.Read);
        using Region region = BufferExporter.From(view, declared);

        Assert.Equal(permitted, region.Capabilities);
        Assert.Throws<BufferException>(() => region.TryTake(HoldKind.Write, out _));
        Assert.Throws<BufferException>(() => region.TryTake(HoldKind.Exclusive, out _));
    }

    [Fact]
    public void What_cannot_be_wrapped_is_refused_and_keeps_nothing()
    {
        MemoryMappedViewAccessor view = _file.CreateViewAccessor(0, Size, MemoryMappedFileAccess.Read);
        Assert.Throws<ArgumentNullException>(static () => BufferExporter.From((MemoryMappedViewAccessor)null!));
        Assert.Throws<ArgumentOutOfRangeException>(() => BufferExporter.From(view, (HoldCapabilities)0x10));
        Assert.Throws<ArgumentException>(() => BufferExporter.From(view, HoldCapabilities.Write | HoldCapabilities.Exclusive));

        view.Dispose();

        bool alive = false;
        Assert.Throws<ObjectDisposedException>(() => view.SafeMemoryMappedViewHandle.DangerousAddRef(ref alive));
        Assert.Throws<ObjectDisposedException>(() => BufferExporter.From(view));
    }
}
