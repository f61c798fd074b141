using FastBuffers.Locking;

namespace FastBuffers.Samples.Resp.Storage;

// Writing: Exclusive on what changes and on nothing else.
internal sealed partial class LargeValue
{
    /// <summary>
    /// Begins an edit within the value's length whose bytes are then copied outside the keyspace's lock; edits of disjoint parts run
    /// side by side. False when the part reaches outside, is held, or when somebody waits for the edits to end.
    /// </summary>
    public bool TryBeginEdit(int offset, int length, out RangeEdit edit)
    {
        edit = default;
        if (length > Length - offset || !Edits.IsOpen)
        {
            return false;
        }

        Unpublish();
        if (!Part(offset, length).TryTake(HoldKind.Exclusive, out Lease lease))
        {
            return false;
        }

        _counters.CountExclusive();
        _counters.CountWriteInPlace();
        AddUser();
        Edits.Enter();
        edit = new RangeEdit(this, lease);
        return true;
    }

    public void EndEdit()
    {
        Edits.Leave();
        RemoveUser();
    }

    public override WriteResult TryWrite(int offset, ReadOnlySpan<byte> bytes)
    {
        Unpublish();
        int newLength = Math.Max(Length, offset + bytes.Length);
        return newLength == Length ? TryOverwrite(offset, bytes)
            : newLength <= Capacity ? TryExtend(offset, bytes, newLength)
            : TryGrowAndWrite(offset, bytes, newLength);
    }

    // Whoever sends the whole value keeps its share, and with it the bytes: then the write that follows is refused.
    private void Unpublish()
    {
        if (!IsEdited)
        {
            Keep();
            if (_published.TryRemove(out Lease lease))
            {
                lease.Dispose();
            }
        }
    }

    private WriteResult TryOverwrite(int offset, ReadOnlySpan<byte> bytes)
    {
        if (!Part(offset, bytes.Length).TryHoldExclusive(out ExclusiveHold hold))
        {
            return WriteResult.Held;
        }

        using (hold)
        {
            _counters.CountExclusive();
            bytes.CopyTo(hold.Span);
        }

        return WriteResult.Written;
    }

    private WriteResult TryExtend(int offset, ReadOnlySpan<byte> bytes, int newLength)
    {
        if (!Region.Slice(0, WireFrame.Start).TryHoldExclusive(out ExclusiveHold header))
        {
            return WriteResult.Held;
        }

        using (header)
        {
            int start = Math.Min(offset, Length);
            if (!Part(start, newLength - start + WireFrame.TrailerLength).TryHoldExclusive(out ExclusiveHold tail))
            {
                return WriteResult.Held;
            }

            using (tail)
            {
                _counters.CountExclusive();
                Extend(header.Span, tail.Span, offset - start, bytes, newLength);
            }
        }

        return WriteResult.Written;
    }

    private WriteResult TryGrowAndWrite(int offset, ReadOnlySpan<byte> bytes, int newLength)
    {
        if (!Region.TryTake(HoldKind.Exclusive, out Lease lease))
        {
            return WriteResult.Held;
        }

        _counters.CountExclusive();
        EndKeeping();
        try
        {
            // Twice what is needed, so that n appends copy O(n) bytes; exactly what is needed when memory is short.
            if (!TryGrow(ref lease, ValueFactory.WithSpare(newLength)) && !TryGrow(ref lease, newLength))
            {
                return WriteResult.OutOfMemory;
            }

            int start = Math.Min(offset, Length);
            Span<byte> region = lease.Span;
            Span<byte> tail = region.Slice(WireFrame.Start + start, newLength - start + WireFrame.TrailerLength);
            Extend(region[..WireFrame.Start], tail, offset - start, bytes, newLength);
            return WriteResult.Written;
        }
        finally
        {
            Keep();
            lease.Dispose();
        }
    }

    // In place as long as the pool's block has room; else there has to be room for a second block.
    private bool TryGrow(ref Lease exclusive, int capacity)
    {
        bool grown = _memory.TryResize(ref exclusive, capacity + WireFrame.Overhead);
        _bytes = exclusive.Length;
        return grown;
    }

    /// <summary>Writes the bytes and the new frame.</summary>
    /// <param name="header">What is before the value.</param>
    /// <param name="tail">From the first byte that changes, or the old end, to the end of the new trailer.</param>
    /// <param name="gap">How many bytes are between the old end and the new bytes: they become zeros.</param>
    /// <param name="bytes">The new bytes, which end the value.</param>
    /// <param name="newLength">The value's length from here on.</param>
    private void Extend(Span<byte> header, Span<byte> tail, int gap, ReadOnlySpan<byte> bytes, int newLength)
    {
        tail[..gap].Clear();
        bytes.CopyTo(tail[gap..]);
        WireFrame.Write(header, tail[^WireFrame.TrailerLength..], newLength);
        Length = newLength;
    }
}
