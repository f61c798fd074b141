using System.Runtime.CompilerServices;

namespace FastBuffers;

/// <summary>What the scoped Read, Write and Immutable holds have in common: whom to ask whether the hold is alive, and its end.</summary>
internal readonly ref struct SharedScope
{
    // A region, which embeds the hold in its word; a slot of the range table; or a ticket. The slow paths are static and take the fields
    // by value, so that the compiler keeps the hold in registers.
    private readonly object? _source;
    private readonly long _value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal SharedScope(HoldToken token)
    {
        _source = token.Source;
        _value = token.Value;
    }

    internal Span<byte> Bytes
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _source is Region region && region.Tracker.IsEmbedded(_value) ? region.Bytes : BytesSlow(_source, _value);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void End()
    {
        if (_source is Region region && region.Tracker.TryReleaseIdle(_value))
        {
            region.AfterRelease();
        }
        else
        {
            EndSlow(_source, _value);
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

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void EndSlow(object? source, long value)
    {
        if (source is RangeSlot slot)
        {
            EndPart(slot, value);
        }
        else
        {
            new HoldToken(source, value).TryRelease();
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Span<byte> BytesSlow(object? source, long value) =>
        source is RangeSlot slot ? Region.BytesOf(slot, value) : Region.BytesOf(new HoldToken(source, value));
}
