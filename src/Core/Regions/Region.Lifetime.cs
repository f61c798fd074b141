namespace FastBuffers;

// Resizing, freeing, and what becomes of a region that was dropped.
public sealed unsafe partial class Region
{
    /// <summary>Frees what was dropped without <see cref="Dispose"/>.</summary>
    ~Region()
    {
        // Foreign memory without a callback is nothing to free, nor is what a constructor that threw left behind.
        if (_block.IsAllocated || _backing is not null)
        {
            Recover();
        }
    }

    /// <summary>Changes the length, keeping the contents up to the smaller length; growth is zeroed. The address may change.</summary>
    /// <param name="newLength">The new number of bytes, from 0 to <see cref="Array.MaxLength"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="newLength"/> is out of range.</exception>
    /// <exception cref="ObjectDisposedException">The region has been disposed.</exception>
    /// <exception cref="BufferException">The memory is not the region's own, or frozen.</exception>
    /// <exception cref="BufferConflictException">A hold is active, a zero-length one included.</exception>
    /// <exception cref="OutOfMemoryException">There is no memory of that size; the region is as it was.</exception>
    public void Resize(int newLength) => Resize(newLength, default);

    /// <summary>Frees the memory now if nothing is held; else changes nothing.</summary>
    /// <returns>
    /// Whether it was freed. Always false over somebody's array or string, which is not the region's to free.
    /// </returns>
    /// <exception cref="ObjectDisposedException">The region has been disposed.</exception>
    public bool TryFree() => !IsManaged && TryCloseIdle();

    /// <summary>
    /// Refuses new holds from here on, and frees the memory when the last hold has ended, which is reported once if any are active
    /// (<see cref="HoldDiagnostics.DisposedWhileHeld"/>). Never throws; idempotent. Over somebody's array or string it does nothing:
    /// others may have wrapped the same one.
    /// </summary>
    public void Dispose()
    {
        if (IsManaged || !RetireCore(out bool held) || !held)
        {
            return;
        }

        HoldDiagnostics.ReportDisposedWhileHeld(this);
    }

    internal HoldToken Resize(int newLength, HoldToken holder)
    {
        RegionErrors.CheckLength(newLength);
        if (Tracker.IsRetired)
        {
            throw HoldErrors.Retired(this);
        }

        if ((!_block.IsAllocated && !Tracker.IsRental) || IsFrozen)
        {
            throw RegionErrors.NotResizable(this);
        }

        if (holder.Ticket is { } used && !used.TryUse(holder.Value))
        {
            throw HoldErrors.Released(holder.Kind);
        }

        try
        {
            return Tracker.IsRental ? ResizeRental(newLength, holder) : Reallocate(newLength, holder);
        }
        finally
        {
            holder.Ticket?.EndUse();
        }
    }

    internal override void OnClosed()
    {
        if (Tracker.IsRental)
        {
            EndRental();
            return;
        }

        try
        {
            if (_block.IsAllocated)
            {
                _block.Free(Length);
            }

            (_backing as IDisposable)?.Dispose();
        }
        catch (Exception exception)
        {
            HoldDiagnostics.ReportFreeFailed(this, exception);
        }
        finally
        {
            _address = null;
            GC.SuppressFinalize(this);
        }
    }

    private HoldToken Reallocate(int newLength, HoldToken holder)
    {
        BeginResize(holder, newLength);
        int oldLength = Length;
        NativeBlock oldBlock = _block;
        NativeBlock newBlock = default;
        bool resized = false;
        try
        {
            newBlock = oldBlock.AllocateAnother(newLength);
            HoldToken renewed = Renew(holder, newLength);
            new ReadOnlySpan<byte>(_address, Math.Min(oldLength, newLength)).CopyTo(new Span<byte>(newBlock.Address, newLength));
            _block = newBlock;
            _address = newBlock.Address;
            resized = true;
            return renewed;
        }
        finally
        {
            if (resized)
            {
                oldBlock.Free(oldLength);
            }
            else if (newBlock.IsAllocated)
            {
                newBlock.Free(newLength);
            }

            EndResize(holder, resized ? newLength : oldLength, resized);
        }
    }

    private HoldToken Renew(HoldToken holder, int newLength)
    {
        HoldToken renewed = default;
        return holder.Ticket?.TryConsume(holder.Value, ConflictTable.ExclusiveIndex, inUse: true, out renewed) is { } status
            && status != TakeStatus.Taken
            ? throw HoldErrors.NotConsumed(status, holder.Kind, $"Resize to {newLength}", this)
            : renewed;
    }

    private void Recover()
    {
        bool over = Quarantine.IsOver(ref _since, out bool begins);
        if (begins)
        {
            IsLost = true;
            HoldDiagnostics.ReportLostDomain(this);
        }

        if (!over)
        {
            GC.ReRegisterForFinalize(this);
            return;
        }

        if (Tracker.TryAbandon())
        {
            OnClosed();
        }
    }
}
