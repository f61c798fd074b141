using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace FastBuffers;

/// <summary>
/// A scoped <see cref="HoldKind.Exclusive"/> hold: while it lasts, nobody else can read or write the bytes.
/// For the thread that took it and the block it is declared in; <c>default</c> behaves as disposed.
/// </summary>
/// <remarks>
/// Its identity is the region's word as it left it, and it leaves by a plain store, which is sound because only this thread can:
/// see <see cref="Tracker"/>.
/// </remarks>
public readonly ref struct ExclusiveHold : IDisposable
{
    private readonly Region? _region;
    private readonly Ticket? _ticket;
    private readonly long _token;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal ExclusiveHold(Region region, long token)
    {
        _region = region;
        _token = token;
    }

    internal ExclusiveHold(Region region, HoldToken token)
    {
        _region = region;
        _ticket = token.Ticket;
        _token = token.Value;
    }

    /// <summary>The bytes of the region, readable and writable until the hold is disposed.</summary>
    /// <exception cref="ObjectDisposedException">The hold, or a copy of it, has been disposed.</exception>
    [UnscopedRef]
    public Span<byte> Span
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            Region? region = _region;
            if (region is null || !(_ticket is null ? region.Tracker.IsExclusive(_token) : _ticket.IsAlive(_token)))
            {
                throw RegionErrors.HoldEnded();
            }

            return region.Bytes;
        }
    }

    /// <summary>Ends the hold. A second call, of a copy too, changes nothing and is counted as a double release.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Dispose()
    {
        Region? region = _region;
        if (region is not null && _ticket is null && region.Tracker.TryReleaseScopedExclusive(_token))
        {
            region.AfterRelease();
        }
        else
        {
            EndElsewhere();
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void EndElsewhere()
    {
        if (_ticket is not null)
        {
            new HoldToken(_ticket, _token).TryRelease();
        }
        else if (_region is not null)
        {
            HoldDiagnostics.ReportDoubleRelease(HoldKind.Exclusive);
        }
    }
}
