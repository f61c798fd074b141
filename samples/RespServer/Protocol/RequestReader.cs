using System.Buffers;
using System.IO.Pipelines;
using FastBuffers.Samples.Resp.Storage;

namespace FastBuffers.Samples.Resp.Protocol;

/// <summary>
/// Reads commands: arrays of bulk strings, or inline. Parsing is incremental, so a command may arrive in any pieces: what has been
/// understood is consumed and never looked at again.
/// </summary>
internal sealed class RequestReader(Stream stream, RespLimits limits, ServerMemory memory, StorageCounters counters) : IDisposable
{
    private const int BufferBytes = 16 * 1024;

    private readonly PipeReader _pipe = PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: BufferBytes, leaveOpen: true));
    private ReadOnlySequence<byte> _buffer;
    private bool _isReading;
    private int _argumentsToCome;
    private int _bulkLength = -1;
    private IncomingBulk? _incoming;

    /// <summary>The command that <see cref="TryRead"/> completed.</summary>
    public Request Request { get; } = new(limits);

    /// <summary>Completes a command from what has arrived; false when more is needed.</summary>
    /// <exception cref="ProtocolException">The client broke the protocol.</exception>
    public bool TryRead()
    {
        var input = new SequenceReader<byte>(_buffer);
        bool complete = TryRead(ref input);
        _buffer = _buffer.Slice(input.Position);
        return complete;
    }

    /// <summary>Waits for more bytes, after <see cref="TryRead()"/> said that it needs them; false when the client has sent its last.</summary>
    public async ValueTask<bool> FillAsync(CancellationToken cancellationToken)
    {
        if (_incoming is not null)
        {
            return await ReceiveBulkAsync(_incoming, cancellationToken);
        }

        long known = _buffer.Length;
        Advance(examined: _buffer.End);
        await ReadPipeAsync(cancellationToken);
        return _buffer.Length > known;
    }

    public void Dispose()
    {
        _incoming?.Dispose();
        Request.Dispose();
        _pipe.Complete();
    }

    private bool TryRead(ref SequenceReader<byte> input)
    {
        while (_incoming is null)
        {
            if (_argumentsToCome > 0)
            {
                if (!TryReadArgument(ref input))
                {
                    return false;
                }
            }
            else if (Request.Count > 0)
            {
                return true;
            }
            else if (!TryStartCommand(ref input))
            {
                return false;
            }
        }

        return false;
    }

    private bool TryStartCommand(ref SequenceReader<byte> input)
    {
        bool isArray = input.TryPeek(out byte first) && first == '*';
        if (!TryReadLine(ref input, isArray ? "too big mbulk count string" : "too big inline request", out ReadOnlySpan<byte> line))
        {
            return false;
        }

        if (isArray)
        {
            _argumentsToCome = ParseCount(line[1..]);
        }
        else
        {
            InlineParser.Parse(line, Request);
        }

        return true;
    }

    private bool TryReadArgument(ref SequenceReader<byte> input)
    {
        if (_bulkLength < 0)
        {
            if (!TryReadLine(ref input, "too big bulk count string", out ReadOnlySpan<byte> line))
            {
                return false;
            }

            _bulkLength = ParseBulkLength(line);
            if (_bulkLength >= StoredValue.LargeLength)
            {
                _incoming = new IncomingBulk(_bulkLength, memory, counters);
                return true;
            }
        }

        if (input.Remaining < _bulkLength + 2)
        {
            return false;
        }

        input.TryCopyTo(Request.Add(_bulkLength));
        input.Advance(_bulkLength);
        if (!input.IsNext("\r\n"u8, advancePast: true))
        {
            throw new ProtocolException("expected CRLF after bulk");
        }

        _bulkLength = -1;
        _argumentsToCome--;
        return true;
    }

    private async ValueTask<bool> ReceiveBulkAsync(IncomingBulk bulk, CancellationToken cancellationToken)
    {
        while (bulk.Remaining > 0)
        {
            if (!_buffer.IsEmpty)
            {
                ReadOnlySequence<byte> arrived = _buffer.Slice(0, Math.Min(_buffer.Length, bulk.Remaining));
                bulk.Accept(arrived);
                _buffer = _buffer.Slice(arrived.End);
                continue;
            }

            Advance(examined: _buffer.End);
            if (bulk.TryGetMemory(out Memory<byte> space))
            {
                // The pipe is empty and reads only when it is asked to: go round it, from the socket into the region.
                int count = await stream.ReadAsync(space, cancellationToken);
                if (count == 0)
                {
                    return false;
                }

                bulk.Advance(count);
            }
            else
            {
                await ReadPipeAsync(cancellationToken);
                if (_buffer.IsEmpty)
                {
                    return false;
                }
            }
        }

        bulk.Complete();
        Request.Add(bulk);
        _incoming = null;
        _bulkLength = -1;
        _argumentsToCome--;
        return true;
    }

    private async ValueTask ReadPipeAsync(CancellationToken cancellationToken)
    {
        _buffer = (await _pipe.ReadAsync(cancellationToken)).Buffer;
        _isReading = true;
    }

    /// <summary>Gives the consumed part of the buffer back to the pipe.</summary>
    private void Advance(SequencePosition examined)
    {
        if (_isReading)
        {
            _pipe.AdvanceTo(_buffer.Start, examined);
            _isReading = false;
        }

        _buffer = default;
    }

    private bool TryReadLine(ref SequenceReader<byte> input, string tooLong, out ReadOnlySpan<byte> line)
    {
        bool found = input.TryReadTo(out line, (byte)'\n');
        return (found ? line.Length : input.Remaining) <= limits.MaxLineLength ? found : throw new ProtocolException(tooLong);
    }

    private int ParseCount(ReadOnlySpan<byte> line) =>
        line.EndsWith("\r"u8) && RespInteger.TryParse(line[..^1], out long count) && count <= limits.MaxArguments
            ? (int)Math.Max(count, 0)
            : throw new ProtocolException("invalid multibulk length");

    private int ParseBulkLength(ReadOnlySpan<byte> line)
    {
        if (line.IsEmpty || line[0] != '$')
        {
            throw new ProtocolException($"expected '$', got '{(line.IsEmpty ? ' ' : (char)line[0])}'");
        }

        return line.EndsWith("\r"u8) && RespInteger.TryParse(line[1..^1], out long length) && length >= 0 && length <= limits.MaxBulkLength
            ? (int)length
            : throw new ProtocolException("invalid bulk length");
    }
}
