namespace FastBuffers.Locking;

/// <summary>A hold that an owner has, until the hold ends. It keeps nothing alive: a hold that was lost has to be found.</summary>
internal sealed class OwnedHold(HoldOwner owner, HoldToken token) : IWaitReason
{
    private readonly WeakReference<object> _source = new(token.Source!);
    private readonly long _value = token.Value;

    public HoldOwner Owner => owner;

    /// <summary>Whether the hold has not ended.</summary>
    internal bool IsAlive => !Token.IsReleased;

    // Default when the hold was lost, which so is nobody's.
    private HoldToken Token => _source.TryGetTarget(out object? source) ? new HoldToken(source, _value) : default;

    /// <summary>Whether it is this very hold.</summary>
    internal bool Is(HoldToken other) => Token == other;

    public bool IsInTheWayOf(OwnedWait wait)
    {
        HoldToken current = Token;
        if (current.Locate(out HoldExtent extent) is null || extent.Form is not (HoldForm.Whole or HoldForm.Part))
        {
            return false;
        }

        HoldKind conflicting = ConflictTable.With(ConflictTable.Index(current.Kind));
        (long start, long end) = extent.IsWhole ? (0, long.MaxValue) : (extent.Start, extent.Start + extent.Length);
        return wait.ConflictsWith(conflicting, start, end);
    }

    public HoldInfo Describe(OwnedWait wait)
    {
        HoldToken current = Token;
        bool alive = current.Locate(out HoldExtent extent) is not null;
        HoldTrace? trace = alive ? current.Ticket?.Trace : null;
        return new HoldInfo
        {
            Kind = current.Kind,
            Start = extent.Start,
            Length = extent.IsWhole ? wait.Domain.ByteLength : extent.Length,
            Age = trace is null ? null : TimeProvider.System.GetElapsedTime(trace.Since),
            Stack = trace?.Birth,
        };
    }
}
