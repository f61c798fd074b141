using System.Buffers;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace FastBuffers.Tests.Exporters;

/// <summary>Arrays, immutable arrays and strings.</summary>
[Collection(ProcessWide.Name)]
public sealed class ManagedExporterTests
{
    [Fact]
    public void An_array_is_its_region()
    {
        byte[] array = new byte[8];
        Assert.Same(Region.Wrap(array), BufferExporter.From(array));
        Assert.Same(Region.Wrap(array), BufferExporter.From(array.AsMemory()));
        Assert.Same(Region.Wrap(array), BufferExporter.From(ImmutableCollectionsMarshal.AsImmutableArray(array)));
        Assert.Throws<ArgumentNullException>(static () => BufferExporter.From((byte[])null!));
        Assert.Throws<ArgumentException>(static () => BufferExporter.From(default(ImmutableArray<byte>)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("żółć 🙂")]
    public void A_string_is_its_UTF16_bytes_uncopied_and_immutable(string text)
    {
        text = new string(text.AsSpan());
        Region exporter = BufferExporter.From(text);
        Assert.Equal(HoldCapabilities.Read | HoldCapabilities.Immutable, exporter.Capabilities);
        Assert.Equal(text.Length * 2, exporter.Length);

        Assert.True(BufferConsumer.TryImmutable(exporter, out Lease lease, out _));
        Assert.True(lease.ReadOnlySpan.SequenceEqual(MemoryMarshal.AsBytes(text.AsSpan())));
        Assert.True(text.Length == 0 || Unsafe.AreSame(
            in MemoryMarshal.GetReference(lease.ReadOnlySpan), in MemoryMarshal.GetReference(MemoryMarshal.AsBytes(text.AsSpan()))));
        Assert.Equal(text, new string(lease.AsReadOnly<char>()));
        lease.Dispose();

        Assert.False(BufferConsumer.TryRaw(exporter, writable: true, out _, out HoldRefusal refusal));
        Assert.Equal(HoldRefusal.Unsupported, refusal);
        Assert.Throws<BufferException>(() => exporter.TryTake(HoldKind.Write, out _));
        Assert.Throws<BufferException>(() => exporter.TryTake(HoldKind.Exclusive, out _));
    }

    [Fact]
    public void A_string_has_one_region_which_Dispose_does_not_end()
    {
        string text = new('x', 5);
        Region region = BufferExporter.From(text);

        region.Dispose();

        Assert.False(region.TryFree());
        Assert.Same(region, BufferExporter.From(text));
        Assert.True(region.Snapshot().IsFrozen);
        using Lease lease = region.Take(HoldKind.Immutable);
        Assert.Throws<BufferException>(() => region.Resize(3));
        Assert.Throws<ArgumentNullException>(static () => BufferExporter.From((string)null!));
    }

    [Fact]
    public unsafe void A_string_is_pinned_for_real()
    {
        string text = new('x', 50);
        using Lease lease = BufferExporter.From(text).Take(HoldKind.Read);
        using MemoryHandle handle = lease.Pin();
        using MemoryHandle through = lease.ReadOnlyMemory[2..].Pin();

        GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true, compacting: true);

        fixed (char* characters = text)
        {
            Assert.True(handle.Pointer == characters);
            Assert.True(through.Pointer == characters + 1);
        }
    }

    [Fact]
    public void A_string_and_its_region_keep_each_other_but_nothing_else_keeps_them()
    {
        using var watch = new DiagnosticsWatch();
        WeakReference[] both = Export();

        Assert.True(DiagnosticsWatch.CollectUntil(() => !both[0].IsAlive && !both[1].IsAlive));

        Assert.Equal(0, watch.Leaks);

        [MethodImpl(MethodImplOptions.NoInlining)]
        static WeakReference[] Export()
        {
            WeakReference[] both = [];
            Race.Run(() =>
            {
                string text = new('y', 70_023);
                Region region = BufferExporter.From(text);
                region.Take(HoldKind.Immutable).Dispose();
                _ = BufferExporter.From(string.Empty);
                both = [new WeakReference(text), new WeakReference(region)];
            });
            return both;
        }
    }
}
