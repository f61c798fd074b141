namespace FastBuffers.Samples.Resp.Storage;

/// <summary>
/// A part of a large value under an Immutable lease: it cannot change or disappear until this is disposed, whatever happens to the key
/// meanwhile. Exactly one owner; whoever passes it on is no longer it.
/// </summary>
internal readonly struct PinnedBytes(LargeValue value, Lease lease, int start, int length) : IDisposable
{
    public int Length => length;

    /// <summary>The bytes, usable across awaits until <see cref="Dispose"/>.</summary>
    public ReadOnlyMemory<byte> Memory => lease.ReadOnlyMemory.Slice(start, length);

    /// <summary>The same bytes for one more receiver, under a lease of its own.</summary>
    public PinnedBytes Share()
    {
        value.AddPin();
        return new PinnedBytes(value, lease.Share(), start, length);
    }

    public void Dispose()
    {
        // The lease first: when the value counts one user less, that one's memory is free.
        lease.Dispose();
        value.Unpin();
    }
}
