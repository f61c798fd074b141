using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace FastBuffers;

/// <summary>
/// One contiguous piece of memory with one tracker: whoever wants its bytes takes a hold, and holds that exclude each other are never
/// active together. Thread-safe; nothing here waits for a hold, and taking and releasing are lock-free while no part is held (a short
/// lock decides beside parts).
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

    // When it was found to be lost (see Quarantine); of a block of a pool, when its rental began, in seconds of the pool's age.
    private int _since;

    private bool _isExposed;
    private bool _clears;

    // The manager behind the Memory of the hold that the word embeds (of other holds, their ticket has it); or the slab, of a block of a
    // pool, whose word embeds none.
    private object? _companion;

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
        if (token.Source is Ticket ticket)
        {
            return BytesOf(ticket, token.Value);
        }

        return token.Source is not RangeSlot && Unsafe.As<Region?>(token.Domain) is { } region ? region.Bytes : BytesOfPart(token);
    }

    /// <summary>The bytes of a live hold that may be written.</summary>
    /// <exception cref="ObjectDisposedException">It has ended.</exception>
    /// <exception cref="BufferException">It is Read or Immutable.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Span<byte> WritableBytesOf(HoldToken token) =>
        token.Source is Ticket ticket && Ticket.IsWritable(token.Value) ? BytesOf(ticket, token.Value) : WritableBytesSlow(token);

    // Inlined, as its callers are, whatever the runtime has seen before: a lease that is passed on is stored, and read just after.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Span<byte> BytesOf(Ticket ticket, long token)
    {
        // In this order: the ticket may be another hold's once this one has ended.
        Region? region = Unsafe.As<Region?>(ticket.Domain);
        if (ticket.Extent.IsWhole)
        {
            Volatile.ReadBarrier();
            if (ticket.IsAlive(token))
            {
                return region!.Bytes;
            }
        }

        return BytesOfPart(new HoldToken(ticket, token));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Span<byte> WritableBytesSlow(HoldToken token)
    {
        new Lease(token).RequireWritable();
        return BytesOf(token);
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

    /// <summary>Length, holds and state in a line.</summary>
    public override string ToString() => Describe() + ": " + StateText();

    internal override string Describe() => $"Region of {Length} bytes";

    /// <summary>The address of the first byte: fixed while a hold is active; that of an array or string while it is pinned.</summary>
    internal byte* Address => (byte*)Unsafe.AsPointer(ref First);

    private Span<byte> NativeBytes => MemoryMarshal.CreateSpan(ref *_address, Length);

    // Whether the garbage collector has the bytes: nobody can free them, or knows who else has them.
    private bool IsManaged => _backing is byte[] or string;

    private ref byte First => ref _backing is byte[] array ? ref MemoryMarshal.GetArrayDataReference(array)
        : ref _backing is string text ? ref Unsafe.As<char, byte>(ref MemoryMarshal.GetReference(text.AsSpan()))
        : ref *_address;

    /// <summary>Fixes the array or string in place, if there is one.</summary>
    internal GCHandle PinManaged() => IsManaged ? GCHandle.Alloc(_backing, GCHandleType.Pinned) : default;

    // What may be taken: raw kinds always where nothing is known.
    private static HoldCapabilities Effective(HoldCapabilities declared) =>
        (declared & ConflictTable.AllKinds) == 0 ? HoldCapabilities.Read | HoldCapabilities.Write : declared;

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
}
