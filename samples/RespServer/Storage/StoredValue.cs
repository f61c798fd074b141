using FastBuffers.Samples.Resp.Protocol;

namespace FastBuffers.Samples.Resp.Storage;

/// <summary>One version of one value. All members are called under the keyspace's lock.</summary>
internal abstract class StoredValue : IDisposable
{
    /// <summary>From this length on a value has a region of its own and is sent from it; shorter ones are packed and copied.</summary>
    public const int LargeLength = 4096;

    /// <summary>The value's length in bytes.</summary>
    public int Length { get; protected set; }

    /// <summary>The edits that run outside the keyspace's lock; null for values that have none.</summary>
    public virtual EditGate? Edits => null;

    /// <summary>
    /// Whether a part can be read now: no edit of it is running outside the keyspace's lock. True stays true until that is released.
    /// </summary>
    public virtual bool CanRead(int start, int length) => true;

    /// <summary>Writes <paramref name="bytes"/> at <paramref name="offset"/>; a gap beyond the old end is filled with zeros.</summary>
    public abstract WriteResult TryWrite(int offset, ReadOnlySpan<byte> bytes);

    /// <summary>Copies the first <paramref name="destination"/>.Length bytes, which can be read.</summary>
    public abstract void CopyTo(Span<byte> destination);

    /// <summary>Writes the whole value, which can be read, to the start of <paramref name="fresh"/>, which nobody else has seen.</summary>
    public abstract void CopyInto(StoredValue fresh);

    /// <summary>Sends the value, which can be read, as a bulk string.</summary>
    public abstract void Reply(ReplyWriter reply);

    /// <summary>Sends a part of the value, which can be read, as a bulk string.</summary>
    public abstract void Reply(ReplyWriter reply, int start, int length);

    /// <summary>Ends this version. Bytes that are being sent or edited stay until that is over.</summary>
    public abstract void Dispose();
}
