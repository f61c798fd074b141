using System.Runtime.CompilerServices;

namespace FastBuffers;

/// <summary>What the scoped Read, Write and Immutable holds have in common: whom to ask whether the hold is alive, and its end.</summary>
internal readonly ref struct SharedScope
{
    // Of a biased hold, its region. Else a region, which embeds the hold in its word; a slot of the range table; or a ticket. The slow paths
    // are static and take the fields by value, so that the compiler keeps the hold in registers.
    private readonly object? _source;
    private readonly long _value;

    // The thread's slot that a biased hold is in; null for every other hold.
    private readonly ReaderSlot? _slot;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal SharedScope(HoldToken token)
        : this(token.Source, token.Value, null)
    {
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal SharedScope(object? source, long value, ReaderSlot? slot)
    {
        _source = source;
        _value = value;
        _slot = slot;
    }

    internal bool IsDefault
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _source is null;
    }

    internal Span<byte> Bytes
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            if (_slot is not null)
            {
                if (_slot.IsHeld(_value))
                {
                    return Unsafe.As<Region>(_source!).Bytes;
                }
            }
            else if (_source is Region region && region.Tracker.IsEmbedded(_value))
            {
                return region.Bytes;
            }

            return BytesSlow(_source, _value, _slot);
        }
    }

    // Whatever is not a biased hold ends in a call. Up to 15 statements the compiler repeats a finally in the place where the hold ends;
    // beyond that it is a function, called with everything in memory.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void End()
    {
        if (_slot is null || !_slot.IsHeld(_value))
        {
            EndCounted(_source, _value, _slot);
        }
        else if (_slot.Leave(_value))
        {
            EndMoved(_source, _value, _slot);
        }
    }

    /// <summary>Ends a hold on a part: as <see cref="HoldToken.TryRelease"/> does, without asking again what the source is.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static void EndPart(RangeSlot slot, long value)
    {
        if (!slot.Domain.TryEndPart(slot, value))
        {
            HoldDiagnostics.ReportDoubleRelease(new HoldToken(slot, value));
        }
    }

    // Both calls are in tail position: so this has no frame to set up.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void EndCounted(object? source, long value, ReaderSlot? ended)
    {
        if (ended is null && source is Region region && region.Tracker.TryReleaseIdle(value))
        {
            region.AfterRelease();
        }
        else
        {
            EndSlow(source, value, ended);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void EndSlow(object? source, long value, ReaderSlot? ended)
    {
        if (ended is not null)
        {
            HoldDiagnostics.ReportDoubleRelease(ConflictTable.Kind(ReaderSlot.IndexOf(value)));
        }
        else if (source is RangeSlot slot)
        {
            EndPart(slot, value);
        }
        else if (new HoldToken(source, value).TryRelease()
            && source is Region region
            && HoldWord.IsSample(value)
            && HoldWord.EmbeddedIndex(value) != ConflictTable.WriteIndex)
        {
            region.ConsiderBias();
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void EndMoved(object? source, long value, ReaderSlot slot) => Unsafe.As<Region>(source!).EndMovedReader(slot, value);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Span<byte> BytesSlow(object? source, long value, ReaderSlot? slot) =>
        slot is not null ? throw HoldErrors.Released(ConflictTable.Kind(ReaderSlot.IndexOf(value)))
        : source is RangeSlot part ? Region.BytesOf(part, value)
        : Region.BytesOf(new HoldToken(source, value));
}
