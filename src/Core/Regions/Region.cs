using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace FastBuffers;

/// <summary>
/// One contiguous piece of memory with one tracker: whoever wants its bytes takes a hold, and holds that exclude each other are never
/// active together. Thread-safe; holds are taken and released without locks, and nothing here waits for one.
/// </summary>
/// <remarks>
/// Scoped holds (<see cref="HoldRead"/> and the like) are ref structs for one thread and block, and the cheapest. Leases
/// (<see cref="Take"/>) travel across threads and awaits. Memory is freed when the region has been disposed and its last hold has
/// ended. A region that is dropped without either is reported and freed by its finalizer, two gen-2 collections later.
/// </remarks>
[DebuggerDisplay("{ToString(),nq}")]
public sealed unsafe partial class Region : HoldDomain, IBufferExporter, IDisposable
{
    // What the bytes are besides own native memory: a byte[] or string, or something to dispose when foreign memory is freed.
    private readonly object? _backing;
    private readonly HoldCapabilities _declared;
    private NativeBlock _block;
    private byte* _address;
    private int _lostSince;

    // The manager behind the Memory of the hold that the word embeds; of other holds, their ticket has it.
    private object? _embeddedMemory;

    private Region(byte* address, int length, HoldCapabilities declared, bool traced, IDisposable? foreign, NativeBlock block)
        : base(length, Effective(declared), traced)
    {
        _declared = declared;
        _address = address;
        _backing = foreign;
        _block = block;
    }

    internal Region(byte[] array, HoldCapabilities declared)
        : this(array, array.Length, declared)
    {
    }

    internal Region(string text)
        : this(text, text.Length * sizeof(char), HoldCapabilities.Read | HoldCapabilities.Immutable)
    {
    }

    private Region(object managed, int length, HoldCapabilities declared)
        : base(length, Effective(declared), HoldDiagnostics.TraceHolds)
    {
        _declared = declared;
        _backing = managed;
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees what was dropped without <see cref="Dispose"/>.</summary>
    ~Region()
    {
        // Foreign memory without a callback is nothing to free, nor is what a constructor that threw left behind.
        if (_block.IsAllocated || _backing is not null)
        {
            Recover();
        }
    }

    /// <summary>The number of bytes.</summary>
    public int Length => (int)ByteLength;

    /// <summary>
    /// The kinds of hold that may be asked for: all four on allocated memory, else what was declared; Read and Immutable once frozen.
    /// </summary>
    public HoldCapabilities Capabilities => IsFrozen ? SupportedKinds : _declared;

    /// <summary>All bytes, unchecked: only for one who has checked a hold.</summary>
    internal Span<byte> Bytes
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _backing is null ? NativeBytes : BackedBytes();
    }

    /// <summary>The bytes of a live hold.</summary>
    /// <exception cref="ObjectDisposedException">It has ended.</exception>
    internal static Span<byte> BytesOf(HoldToken token)
    {
        // In this order: the ticket may be another hold's once this one has ended.
        bool whole = token.IsWhole;
        return whole && Unsafe.As<Region?>(token.Domain) is { } region ? region.Bytes : BytesOfPart(token);
    }

    /// <summary>The bytes of a live scoped hold on a part.</summary>
    /// <exception cref="ObjectDisposedException">It has ended.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Span<byte> BytesOf(RangeSlot slot, long token)
    {
        if (!slot.TryGetRange(token, out long start, out long end))
        {
            ThrowReleased(token);
        }

        // Inside the region, which a hold keeps from being resized.
        Region region = Unsafe.As<Region>(slot.Domain);
        return region._backing is null
            ? MemoryMarshal.CreateSpan(ref region._address[start], (int)(end - start))
            : region.BackedBytes().Slice((int)start, (int)(end - start));
    }

    private Span<byte> NativeBytes => MemoryMarshal.CreateSpan(ref *_address, Length);

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
    public bool TryFree() => !IsManaged && TryCloseUnheld();

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

    /// <summary>Length, holds and state in a line.</summary>
    public override string ToString() => Describe() + ": " + StateText();

    internal override string Describe() => $"Region of {Length} bytes";

    /// <summary>The address of the first byte: fixed for native memory while a hold is active, for an array or string while it is pinned.</summary>
    internal byte* Address => (byte*)Unsafe.AsPointer(ref First);

    // Whether the garbage collector has the bytes: nobody can free them, or knows who else has them.
    private bool IsManaged => _backing is byte[] or string;

    private ref byte First => ref _backing is byte[] array ? ref MemoryMarshal.GetArrayDataReference(array)
        : ref _backing is string text ? ref Unsafe.As<char, byte>(ref MemoryMarshal.GetReference(text.AsSpan()))
        : ref *_address;

    /// <summary>Fixes the array or string in place, if there is one.</summary>
    internal GCHandle PinManaged() => IsManaged ? GCHandle.Alloc(_backing, GCHandleType.Pinned) : default;

    internal HoldToken Resize(int newLength, HoldToken holder)
    {
        RegionErrors.CheckLength(newLength);
        if (Tracker.IsRetired)
        {
            throw HoldErrors.Retired(this);
        }

        if (!_block.IsAllocated || IsFrozen)
        {
            throw RegionErrors.NotResizable(this);
        }

        if (holder.Ticket is { } used && !used.TryUse(holder.Value))
        {
            throw HoldErrors.Released(holder.Kind);
        }

        try
        {
            return Reallocate(newLength, holder);
        }
        finally
        {
            holder.Ticket?.EndUse();
        }
    }

    internal override void OnClosed()
    {
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

    // What may be taken: raw kinds always where nothing is known.
    private static HoldCapabilities Effective(HoldCapabilities declared) =>
        (declared & ConflictTable.AllKinds) == 0 ? HoldCapabilities.Read | HoldCapabilities.Write : declared;

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
            HoldToken renewed = default;
            if (holder.Ticket?.TryConsume(holder.Value, ConflictTable.ExclusiveIndex, inUse: true, out renewed) is { } status
                && status != TakeStatus.Taken)
            {
                throw HoldErrors.NotConsumed(status, holder.Kind, $"Resize to {newLength}", this);
            }

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

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Span<byte> BytesOfPart(HoldToken token)
    {
        Region region = (Region?)token.Locate(out HoldExtent extent) ?? throw HoldErrors.Released(token.Kind);
        return extent.IsWhole ? region.Bytes : region.Bytes.Slice((int)extent.Start, (int)extent.Length);
    }

    [DoesNotReturn]
    private static void ThrowReleased(long token) => throw HoldErrors.Released(RangeSlot.KindOf(token));

    // Out of line, because the check for an array is a call.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private Span<byte> BackedBytes() => MemoryMarshal.CreateSpan(ref First, Length);

    private string StateText()
    {
        HoldSnapshot snapshot = Snapshot();
        string holds = snapshot.Total == 0 ? "no hold is active" : HoldErrors.Describe(snapshot, ConflictTable.EveryKind);
        return holds + (snapshot.IsFrozen ? ", frozen" : string.Empty) + (snapshot.IsRetired ? ", disposed" : string.Empty);
    }

    private void Recover()
    {
        bool over = Quarantine.IsOver(ref _lostSince, out bool begins);
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
