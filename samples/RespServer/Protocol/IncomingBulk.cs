using System.Buffers;
using System.Diagnostics;
using FastBuffers.Samples.Resp.Storage;

namespace FastBuffers.Samples.Resp.Protocol;

/// <summary>
/// An argument of 4 KiB and up on its way in. It is received straight into a region under an Exclusive lease; SET then stores that very
/// region. The region grows as bytes arrive, never by what the client says will come.
/// </summary>
internal sealed class IncomingBulk(int length, MemoryBudget budget, StorageCounters counters) : IDisposable
{
    private const int FirstCapacity = 16 * 1024;

    private LargeValue? _value;
    private Lease _lease;
    private int _received;

    /// <summary>The budget had no room: what comes of this argument is read and forgotten, so that the stream stays in step.</summary>
    public bool IsDiscarded { get; private set; }

    /// <summary>Bytes that have not arrived yet, the line end after the argument included.</summary>
    public int Remaining => length + 2 - _received;

    /// <summary>The argument, once it has arrived.</summary>
    public ReadOnlySpan<byte> Span => _lease.ReadOnlySpan.Slice(WireFrame.Start, length);

    /// <summary>Takes in bytes that have arrived already.</summary>
    public void Accept(in ReadOnlySequence<byte> bytes)
    {
        foreach (ReadOnlyMemory<byte> segment in bytes)
        {
            ReadOnlySpan<byte> rest = segment.Span;
            while (!rest.IsEmpty && TryGetSpace())
            {
                Span<byte> space = _lease.Span[(WireFrame.Start + _received)..];
                int taken = Math.Min(rest.Length, space.Length);
                rest[..taken].CopyTo(space);
                _received += taken;
                rest = rest[taken..];
            }

            _received += rest.Length;
        }
    }

    /// <summary>Where the next bytes may be received to; false as long as none has arrived, and when they are to be discarded.</summary>
    public bool TryGetMemory(out Memory<byte> memory)
    {
        if (_received == 0 || !TryGetSpace())
        {
            memory = default;
            return false;
        }

        memory = _lease.Memory[(WireFrame.Start + _received)..];
        memory = memory[..Math.Min(memory.Length, Remaining)];
        return true;
    }

    /// <summary>Says that <paramref name="count"/> bytes have been received to the memory.</summary>
    public void Advance(int count) => _received += count;

    /// <summary>Ends the receiving: the region now is a value, unless it was discarded.</summary>
    public void Complete()
    {
        if (IsDiscarded)
        {
            return;
        }

        Span<byte> region = _lease.Span;
        if (!region.Slice(WireFrame.Start + length, 2).SequenceEqual("\r\n"u8))
        {
            throw new ProtocolException("expected CRLF after bulk");
        }

        _value!.Seal(region, length);
    }

    /// <summary>Hands the value over, published.</summary>
    public LargeValue TakeValue()
    {
        Debug.Assert(Remaining == 0);
        LargeValue value = _value!;
        _value = null;
        value.Publish(_lease);
        return value;
    }

    public void Dispose()
    {
        if (_value is not null)
        {
            _lease.Dispose();
            _value.Dispose();
            _value = null;
        }
    }

    private bool TryGetSpace()
    {
        if (_value is null)
        {
            if (!IsDiscarded && LargeValue.TryCreate(Math.Min(length, FirstCapacity), budget, counters) is { } value)
            {
                _value = value;
                _lease = value.TakeForFilling();
                return true;
            }
        }
        else if (WireFrame.Start + _received < _lease.Length
            || _value.TryGrow(ref _lease, (int)Math.Min(2L * _value.Capacity, length)))
        {
            return true;
        }

        // Give back what there is at once: others can use it, this command cannot run any more.
        Dispose();
        IsDiscarded = true;
        return false;
    }
}
