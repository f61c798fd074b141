using System.Buffers;
using System.Diagnostics;
using FastBuffers.Samples.Resp.Storage;

namespace FastBuffers.Samples.Resp.Protocol;

/// <summary>
/// An argument of 4 KiB and up on its way in. It is received straight into a rental under an Exclusive lease; SET then stores that very
/// rental. It grows as bytes arrive, never by more than four times what has arrived, whatever the client says will come.
/// </summary>
internal sealed class IncomingBulk(int length, ServerMemory memory, StorageCounters counters) : IDisposable
{
    private const int FirstCapacity = 16 * 1024;
    private const int Growth = 4;

    private Lease _lease;
    private int _capacity;
    private int _received;

    /// <summary>There was no memory: what comes of this argument is read and forgotten, so that the stream stays in step.</summary>
    public bool IsDiscarded { get; private set; }

    /// <summary>Bytes that have not arrived yet, the line end after the argument included.</summary>
    public int Remaining => length + WireFrame.TrailerLength - _received;

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
    public bool TryGetMemory(out Memory<byte> space)
    {
        if (_received == 0 || !TryGetSpace())
        {
            space = default;
            return false;
        }

        space = _lease.Memory[(WireFrame.Start + _received)..];
        space = space[..Math.Min(space.Length, Remaining)];
        return true;
    }

    /// <summary>Says that <paramref name="count"/> bytes have been received to the memory.</summary>
    public void Advance(int count) => _received += count;

    /// <summary>Ends the receiving: the bytes now lie as a value does, unless they were discarded.</summary>
    public void Complete()
    {
        if (IsDiscarded)
        {
            return;
        }

        Span<byte> bytes = _lease.Span;
        Span<byte> trailer = bytes.Slice(WireFrame.Start + length, WireFrame.TrailerLength);
        if (!trailer.SequenceEqual("\r\n"u8))
        {
            throw new ProtocolException("expected CRLF after bulk");
        }

        WireFrame.Write(bytes[..WireFrame.Start], trailer, length);
    }

    /// <summary>Hands the value over, published.</summary>
    public LargeValue TakeValue()
    {
        Debug.Assert(Remaining == 0);
        _capacity = 0;
        return LargeValue.Publish(_lease, length, memory, counters);
    }

    public void Dispose()
    {
        if (_capacity > 0)
        {
            _capacity = 0;
            _lease.Dispose();
        }
    }

    private bool TryGetSpace()
    {
        bool hasSpace = _capacity > 0 && _received < _capacity + WireFrame.TrailerLength;
        if (hasSpace || (!IsDiscarded && TryGrow()))
        {
            return true;
        }

        // Give back what there is at once: others can use it, this command cannot run any more.
        Dispose();
        IsDiscarded = true;
        return false;
    }

    // The length, a quarter of it, a quarter of that: the last step needs no more than a quarter beside the value itself. The bytes are
    // moved to another rental and not resized, for that would clear what is to be received.
    private bool TryGrow()
    {
        int capacity = length;
        while (capacity > Math.Max(FirstCapacity, (long)Growth * _capacity))
        {
            capacity = (capacity + Growth - 1) / Growth;
        }

        if (!memory.TryRent(capacity + WireFrame.Overhead, out Lease lease))
        {
            return false;
        }

        if (_capacity == 0)
        {
            counters.CountExclusive();
        }
        else
        {
            _lease.ReadOnlySpan.CopyTo(lease.Span);
            _lease.Dispose();
        }

        (_lease, _capacity) = (lease, capacity);
        return true;
    }
}
