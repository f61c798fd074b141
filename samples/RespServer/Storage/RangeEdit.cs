namespace FastBuffers.Samples.Resp.Storage;

/// <summary>
/// An edit of a part of a large value that has got its turn, and with it an Exclusive lease of just that part. It cannot fail any more:
/// what is left is to copy the bytes, which needs no lock.
/// </summary>
internal readonly struct RangeEdit(LargeValue value, Lease lease)
{
    /// <summary>The value's length when the edit got its turn, in bytes.</summary>
    public int ValueLength { get; } = value.Length;

    /// <summary>Copies the bytes, as many as the part has.</summary>
    public void Write(ReadOnlySpan<byte> bytes) => bytes.CopyTo(lease.Span);

    /// <summary>Lets others at the part. Called once, under the keyspace's lock.</summary>
    public void End()
    {
        // The lease first: when the value counts one user less, that one's memory is free.
        lease.Dispose();
        value.EndEdit();
    }
}
