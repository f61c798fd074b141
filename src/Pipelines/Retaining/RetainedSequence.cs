using FastBuffers.Locking;

namespace FastBuffers.Pipelines;

/// <summary>
/// Bytes that stay readable, and unchanged, until this is disposed: parts of what was read from a <see cref="RegionPipe"/>, or whole leases.
/// Nothing is copied. Disposing is thread-safe and may be repeated; the bytes may be read by many threads. Memory of it throws
/// <see cref="ObjectDisposedException"/> afterwards, whoever else shares the bytes.
/// </summary>
/// <remarks>Spans cannot be checked once they are out: do not use one while another thread may dispose the sequence.</remarks>
public sealed class RetainedSequence : IDisposable
{
    private readonly RetainedPart[] _parts;
    private ReadOnlySequence<byte>? _sequence;
    private int _isDisposed;

    internal RetainedSequence(RetainedPart[] parts)
    {
        _parts = parts;
        foreach (ref readonly RetainedPart part in parts.AsSpan())
        {
            Length += part.Length;
        }
    }

    /// <summary>The number of bytes, also after the end.</summary>
    public long Length { get; }

    /// <summary>The bytes.</summary>
    /// <exception cref="ObjectDisposedException">It has been disposed, or appended to a pipe.</exception>
    public ReadOnlySequence<byte> Sequence
    {
        get
        {
            RequireAlive();
            return _sequence ??= CreateSequence();
        }
    }

    internal ReadOnlySpan<RetainedPart> Parts => _parts;

    /// <summary>A sequence of the bytes of some leases, which belong to it from the call on, also if it throws.</summary>
    /// <param name="leases">Immutable leases, of whole regions or of parts.</param>
    /// <exception cref="ArgumentException">A lease is not Immutable.</exception>
    /// <exception cref="ObjectDisposedException">A lease has been released.</exception>
    public static RetainedSequence Create(params ReadOnlySpan<Lease> leases)
    {
        RetainedPart[] parts = new RetainedPart[leases.Length];
        int count = 0;
        try
        {
            foreach (Lease lease in leases)
            {
                parts[count] = RetainedPart.Of(lease, RequireImmutable(lease), pinned: null);
                count++;
            }
        }
        catch
        {
            Release(parts.AsSpan(0, count));
            foreach (Lease lease in leases[count..])
            {
                lease.Dispose();
            }

            throw;
        }

        return new RetainedSequence(parts);
    }

    /// <summary>A sequence of the same bytes that is disposed on its own.</summary>
    /// <exception cref="ObjectDisposedException">It has been disposed, or appended to a pipe.</exception>
    public RetainedSequence Share() => Slice(0, Length);

    /// <summary>A sequence of a part of the bytes that is disposed on its own.</summary>
    /// <param name="start">The first byte, from 0 to <see cref="Length"/>.</param>
    /// <param name="length">The number of bytes, from 0 to what there is after the first.</param>
    /// <exception cref="ArgumentOutOfRangeException">The part is outside.</exception>
    /// <exception cref="ObjectDisposedException">It has been disposed, or appended to a pipe.</exception>
    public RetainedSequence Slice(long start, long length)
    {
        if (start < 0 || start > Length)
        {
            throw new ArgumentOutOfRangeException(nameof(start), start, $"The first byte is from 0 to the length, {Length}.");
        }

        if (length < 0 || length > Length - start)
        {
            throw new ArgumentOutOfRangeException(nameof(length), length, $"The number of bytes is from 0 to what there is, {Length - start}.");
        }

        List<RetainedPart> kept = [];
        try
        {
            RequireAlive();
            foreach (ref readonly RetainedPart part in _parts.AsSpan())
            {
                int from = (int)Math.Clamp(start, 0, part.Length);
                int count = (int)Math.Min(length, part.Length - from);
                start -= from;
                length -= count;
                if (count > 0)
                {
                    kept.Add(part.TryRetain() ? part.Slice(from, count) : throw Disposed());
                }
            }

            // Disposed meanwhile: the parts that are kept may not be all there were.
            RequireAlive();
        }
        catch
        {
            Release([.. kept]);
            throw;
        }

        return new RetainedSequence([.. kept]);
    }

    /// <summary>A stream that reads the bytes, and can seek.</summary>
    /// <param name="leaveOpen">Whether disposing the stream leaves the sequence undisposed.</param>
    /// <exception cref="ObjectDisposedException">It has been disposed, or appended to a pipe.</exception>
    public Stream AsStream(bool leaveOpen = false) => new RetainedStream(this, leaveOpen);

    /// <summary>Lets go of the bytes.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) == 0)
        {
            Release(_parts);
        }
    }

    /// <summary>Ends it without letting go of the parts, which belong to the caller then.</summary>
    /// <exception cref="ObjectDisposedException">It has been disposed, or appended to a pipe.</exception>
    internal ReadOnlySpan<RetainedPart> TakeParts() => Interlocked.Exchange(ref _isDisposed, 1) == 0 ? _parts : throw Disposed();

    internal void RequireAlive()
    {
        if (Volatile.Read(ref _isDisposed) != 0)
        {
            throw Disposed();
        }
    }

    internal static void Release(ReadOnlySpan<RetainedPart> parts)
    {
        foreach (ref readonly RetainedPart part in parts)
        {
            part.Release();
        }
    }

    /// <summary>The length of a lease whose bytes cannot change.</summary>
    /// <exception cref="ArgumentException">The lease is not Immutable.</exception>
    /// <exception cref="ObjectDisposedException">The lease has been released.</exception>
    internal static int RequireImmutable(Lease lease)
    {
        int length = lease.Length;
        return lease.Kind == HoldKind.Immutable ? length : throw new ArgumentException(
            $"A lease that others read is Immutable, and this one is {lease.Kind}: downgrade it first.", nameof(lease));
    }

    private static ObjectDisposedException Disposed() => new(nameof(RetainedSequence), "The sequence has been disposed, or appended to a pipe.");

    private ReadOnlySequence<byte> CreateSequence()
    {
        switch (_parts.Length)
        {
            case 0:
                return ReadOnlySequence<byte>.Empty;
            case 1:
                return new ReadOnlySequence<byte>(new RetainedMemory(this, _parts[0]).Memory);
        }

        SequenceNode first = new(new RetainedMemory(this, _parts[0]).Memory, 0);
        SequenceNode last = first;
        foreach (ref readonly RetainedPart part in _parts.AsSpan(1))
        {
            last = last.Append(new RetainedMemory(this, part).Memory);
        }

        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }
}
