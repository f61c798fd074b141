#pragma warning disable RS0027 // The overloads are Stream's.

namespace FastBuffers.Pipelines;

/// <summary>
/// A stream in memory that grows by blocks of a pool, so that nothing is copied when it grows and no large array is made; what
/// <see cref="MemoryStream"/> does otherwise. For one thread at a time. What was written leaves it without a copy: see <see cref="Detach"/>.
/// </summary>
/// <remarks>
/// The pool reports what goes wrong: a stream that is disposed twice counts in <see cref="RegionPoolStatistics.DoubleReturns"/>, and one that is never
/// disposed is found as a leak of its blocks, with the stacks of where they were rented, if the pool looks for leaks.
/// </remarks>
public sealed class RegionStream : Stream
{
    private readonly StreamBlocks _blocks;
    private long _length;
    private long _position;
    private bool _isDisposed;

    /// <summary>An empty stream.</summary>
    /// <param name="pool">Where its blocks are from; null for <see cref="RegionPool.Shared"/>.</param>
    /// <param name="capacity">The number of bytes to make room for at once, 0 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="capacity"/> is negative.</exception>
    /// <exception cref="PoolExhaustedException">The pool has not as much memory.</exception>
    public RegionStream(RegionPool? pool = null, long capacity = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(capacity);
        _blocks = new StreamBlocks(pool ?? RegionPool.Shared);
        try
        {
            _blocks.Reserve(capacity);
        }
        catch
        {
            _blocks.Release();
            throw;
        }
    }

    /// <inheritdoc/>
    public override bool CanRead => !_isDisposed;

    /// <inheritdoc/>
    public override bool CanSeek => !_isDisposed;

    /// <inheritdoc/>
    public override bool CanWrite => !_isDisposed;

    /// <inheritdoc/>
    public override long Length
    {
        get
        {
            RequireOpen();
            return _length;
        }
    }

    /// <summary>Where the next byte is read or written. It may be after the end: what is between is zeros once something is written there.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public override long Position
    {
        get
        {
            RequireOpen();
            return _position;
        }

        set
        {
            RequireOpen();
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            _position = value;
        }
    }

    /// <summary>The number of bytes that there is room for.</summary>
    public long Capacity
    {
        get
        {
            RequireOpen();
            return _blocks.Capacity;
        }
    }

    /// <summary>All bytes, where they are, until the stream is written, shortened, detached or disposed.</summary>
    public ReadOnlySequence<byte> Sequence
    {
        get
        {
            RequireOpen();
            return _blocks.SequenceOf(_length);
        }
    }

    /// <summary>All bytes, which leave the stream without a copy: it is empty then.</summary>
    public RetainedSequence Detach()
    {
        RequireOpen();
        RetainedSequence bytes = _blocks.Detach(_length);
        _length = _position = 0;
        return bytes;
    }

    /// <summary>A copy of all bytes.</summary>
    public byte[] ToArray() => Sequence.ToArray();

    /// <summary>Writes all bytes into another stream, wherever the position is, which stays.</summary>
    /// <param name="destination">The other stream.</param>
    public void WriteTo(Stream destination)
    {
        ArgumentNullException.ThrowIfNull(destination);
        foreach (ReadOnlyMemory<byte> part in Sequence)
        {
            destination.Write(part.Span);
        }
    }

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        RequireOpen();
        int done = 0;
        while (done < buffer.Length && _position < _length)
        {
            ReadOnlySpan<byte> bytes = _blocks.From(_position);
            bytes = bytes[..(int)Math.Min(Math.Min(bytes.Length, buffer.Length - done), _length - _position)];
            bytes.CopyTo(buffer[done..]);
            done += bytes.Length;
            _position += bytes.Length;
        }

        return done;
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count)
    {
        ValidateBufferArguments(buffer, offset, count);
        return Read(buffer.AsSpan(offset, count));
    }

    /// <inheritdoc/>
    public override int ReadByte()
    {
        Span<byte> value = stackalloc byte[1];
        return Read(value) == 0 ? -1 : value[0];
    }

    /// <inheritdoc/>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        cancellationToken.IsCancellationRequested ? ValueTask.FromCanceled<int>(cancellationToken) : new ValueTask<int>(Read(buffer.Span));

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        ValidateBufferArguments(buffer, offset, count);
        return ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();
    }

    /// <inheritdoc/>
    /// <exception cref="IOException">The stream would become longer than a <see cref="long"/> can say.</exception>
    /// <exception cref="PoolExhaustedException">The pool has no more memory. Nothing is written.</exception>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        RequireOpen();
        if (buffer.IsEmpty)
        {
            return;
        }

        if (_position > long.MaxValue - buffer.Length)
        {
            throw new IOException($"The stream would become too long: {buffer.Length} bytes from position {_position} on.");
        }

        Grow(_position + buffer.Length, _position);
        while (!buffer.IsEmpty)
        {
            Span<byte> room = _blocks.From(_position);
            int count = Math.Min(room.Length, buffer.Length);
            buffer[..count].CopyTo(room);
            buffer = buffer[count..];
            _position += count;
        }
    }

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count)
    {
        ValidateBufferArguments(buffer, offset, count);
        Write(buffer.AsSpan(offset, count));
    }

    /// <inheritdoc/>
    public override void WriteByte(byte value) => Write(new ReadOnlySpan<byte>(in value));

    /// <inheritdoc/>
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled(cancellationToken);
        }

        Write(buffer.Span);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        ValidateBufferArguments(buffer, offset, count);
        return WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();
    }

    /// <inheritdoc/>
    /// <exception cref="IOException">The position would be before the beginning.</exception>
    public override long Seek(long offset, SeekOrigin origin)
    {
        RequireOpen();
        long from = origin switch
        {
            SeekOrigin.Begin => 0,
            SeekOrigin.Current => _position,
            SeekOrigin.End => _length,
            _ => throw new ArgumentOutOfRangeException(nameof(origin), origin, "The origin is Begin, Current or End."),
        };
        if (offset > long.MaxValue - from)
        {
            throw new ArgumentOutOfRangeException(nameof(offset), offset, $"The position is at most {long.MaxValue}, and this is from {from} on.");
        }

        return from + offset >= 0 ? _position = from + offset : throw new IOException($"The position {from + offset} is before the beginning.");
    }

    /// <summary>Makes the stream longer, with zeros, or shorter: blocks that it does not need any more are given back. The
    /// position is at the end at most.</summary>
    /// <param name="value">The number of bytes, 0 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="value"/> is negative.</exception>
    /// <exception cref="PoolExhaustedException">The pool has no more memory. The length stays.</exception>
    public override void SetLength(long value)
    {
        RequireOpen();
        ArgumentOutOfRangeException.ThrowIfNegative(value);
        if (value > _length)
        {
            Grow(value, value);
        }
        else
        {
            _blocks.Trim(value);
            _length = value;
        }

        _position = Math.Min(_position, value);
    }

    /// <inheritdoc/>
    public override void CopyTo(Stream destination, int bufferSize)
    {
        ValidateCopyToArguments(destination, bufferSize);
        foreach (ReadOnlyMemory<byte> part in TakeRest())
        {
            destination.Write(part.Span);
        }
    }

    /// <inheritdoc/>
    public override async Task CopyToAsync(Stream destination, int bufferSize, CancellationToken cancellationToken)
    {
        ValidateCopyToArguments(destination, bufferSize);
        cancellationToken.ThrowIfCancellationRequested();
        foreach (ReadOnlyMemory<byte> part in TakeRest())
        {
            await destination.WriteAsync(part, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Nothing is to be done.</summary>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override Task FlushAsync(CancellationToken cancellationToken) =>
        cancellationToken.IsCancellationRequested ? Task.FromCanceled(cancellationToken) : Task.CompletedTask;

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            // Also a second time: the pool counts it.
            _isDisposed = true;
            _blocks.Release();
        }

        base.Dispose(disposing);
    }

    private ReadOnlySequence<byte> TakeRest()
    {
        ReadOnlySequence<byte> bytes = Sequence;
        ReadOnlySequence<byte> rest = _position < _length ? bytes.Slice(_position) : default;
        _position = Math.Max(_position, _length);
        return rest;
    }

    private void Grow(long length, long zerosTo)
    {
        _blocks.Reserve(length);
        if (zerosTo > _length)
        {
            _blocks.Clear(_length, zerosTo);
        }

        _length = Math.Max(_length, length);
    }

    private void RequireOpen() => ObjectDisposedException.ThrowIf(_isDisposed, this);
}
