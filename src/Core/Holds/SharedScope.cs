using System.Runtime.CompilerServices;

namespace FastBuffers;

/// <summary>What the scoped Read, Write and Immutable holds have in common: whom to ask whether the hold is alive, and its end.</summary>
internal readonly ref struct SharedScope
{
    private readonly Region? _region;
    private readonly Ticket? _ticket;
    private readonly long _token;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal SharedScope(Region region, long token)
    {
        _region = region;
        _token = token;
    }

    internal SharedScope(Region region, HoldToken token)
    {
        _region = region;
        _ticket = token.Ticket;
        _token = token.Value;
    }

    internal Span<byte> Bytes
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            Region? region = _region;
            if (region is null || !(_ticket is null ? region.Tracker.IsEmbedded(_token) : _ticket.IsAlive(_token)))
            {
                throw RegionErrors.HoldEnded();
            }

            return region.Bytes;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void End()
    {
        Region? region = _region;
        if (region is not null && _ticket is null && region.Tracker.TryReleaseIdle(_token))
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
        if (_region is not null)
        {
            new HoldToken((object?)_ticket ?? _region, _token).TryRelease();
        }
    }
}
