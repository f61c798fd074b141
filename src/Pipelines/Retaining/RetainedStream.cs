namespace FastBuffers.Pipelines;

/// <summary>Reads a retained sequence. For one thread at a time.</summary>
internal sealed class RetainedStream : Stream
{
    private readonly RetainedSequence _owner;
    private readonly bool _leaveOpen;
    private long _position;
    private bool _isClosed;

    internal RetainedStream(RetainedSequence owner, bool leaveOpen)
    {
        owner.RequireAlive();
        (_owner, _leaveOpen) = (owner, leaveOpen);
    }

    public override bool CanRead => !_isClosed;

    public override bool CanSeek => !_isClosed;

    public override bool CanWrite => false;

    public override long Length => Bytes.Length;

    public override long Position
    {
        get
        {
            _ = Bytes;
            return _position;
        }

        set
        {
            _ = Bytes;
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            _position = value;
        }
    }

    // What is left to read; nothing if the position is past the end, which is allowed.
    private ReadOnlySequence<byte> Rest => Bytes is var bytes && _position < bytes.Length ? bytes.Slice(_position) : default;

    private ReadOnlySequence<byte> Bytes
    {
        get
        {
            ObjectDisposedException.ThrowIf(_isClosed, this);
            return _owner.Sequence;
        }
    }

    public override int Read(Span<byte> buffer)
    {
        ReadOnlySequence<byte> rest = Rest;
        rest = rest.Slice(0, Math.Min(rest.Length, buffer.Length));
        rest.CopyTo(buffer);
        _position += rest.Length;
        return (int)rest.Length;
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        ValidateBufferArguments(buffer, offset, count);
        return Read(buffer.AsSpan(offset, count));
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        cancellationToken.IsCancellationRequested
            ? ValueTask.FromCanceled<int>(cancellationToken)
            : new ValueTask<int>(Read(buffer.Span));

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        ValidateBufferArguments(buffer, offset, count);
        return ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();
    }

    public override void CopyTo(Stream destination, int bufferSize)
    {
        ValidateCopyToArguments(destination, bufferSize);
        ReadOnlySequence<byte> rest = Rest;
        foreach (ReadOnlyMemory<byte> part in rest)
        {
            destination.Write(part.Span);
        }

        _position += rest.Length;
    }

    public override async Task CopyToAsync(Stream destination, int bufferSize, CancellationToken cancellationToken)
    {
        ValidateCopyToArguments(destination, bufferSize);
        ReadOnlySequence<byte> rest = Rest;
        foreach (ReadOnlyMemory<byte> part in rest)
        {
            await destination.WriteAsync(part, cancellationToken).ConfigureAwait(false);
        }

        _position += rest.Length;
    }

    public override long Seek(long offset, SeekOrigin origin)
    {
        long from = origin switch
        {
            SeekOrigin.Begin => 0,
            SeekOrigin.Current => Position,
            SeekOrigin.End => Length,
            _ => throw new ArgumentOutOfRangeException(nameof(origin), origin, "The origin is Begin, Current or End."),
        };
        return from + offset >= 0
            ? Position = from + offset
            : throw new IOException($"The position {from + offset} is before the beginning.");
    }

    public override void Flush()
    {
        // Nothing is written.
    }

    public override void SetLength(long value) => throw new NotSupportedException("The stream is for reading.");

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("The stream is for reading.");

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_isClosed)
        {
            _isClosed = true;
            if (!_leaveOpen)
            {
                _owner.Dispose();
            }
        }

        base.Dispose(disposing);
    }
}
