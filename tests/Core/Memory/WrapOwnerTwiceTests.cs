using System.Buffers;

namespace FastBuffers.Tests.Memory;

public sealed class WrapOwnerTwiceTests
{
    [Fact]
    public void An_owner_that_is_wrapped_twice_is_not_disposed_under_a_live_region()
    {
        var owner = new ArrayOwner();
        Region first = Region.Wrap(owner);
        Region? second = null;
        try
        {
            second = Region.Wrap(owner);
        }
        catch (BufferException)
        {
            // Refusing is as good as giving the same region again.
        }

        Assert.True(!owner.IsDisposed, "The owner was disposed while a region over its memory is alive.");
        Assert.True(second is null || ReferenceEquals(first, second));
        first.Dispose();
        Assert.True(owner.IsDisposed);
    }

    private sealed class ArrayOwner : IMemoryOwner<byte>
    {
        internal bool IsDisposed { get; private set; }

        public Memory<byte> Memory { get; } = new byte[16];

        public void Dispose() => IsDisposed = true;
    }
}
