namespace FastBuffers.Interleaving.Scenarios;

/// <summary>
/// The tracker as a list of holds, one call at a time: what the calls of an execution must be explainable by. It has its own copy of the
/// conflict table, so that a mistake in the library's would show.
/// </summary>
internal struct ReferenceModel : IReferenceModel
{
    private const int Holds = 8;
    private const ulong EmptyFlag = 1UL << 60;
    private const ulong ResizingFlag = 1UL << 61;
    private const ulong FrozenFlag = 1UL << 62;
    private const ulong RetiredFlag = 1UL << 63;

    // Four bits for each hold, as HoldKind has them, then the flags.
    private ulong _state;

    /// <summary>Whether two kinds exclude each other.</summary>
    public static bool Excludes(HoldKind a, HoldKind b) => (a, b) switch
    {
        (HoldKind.None, _) or (_, HoldKind.None) => false,
        (HoldKind.Exclusive, _) or (_, HoldKind.Exclusive) => true,
        (HoldKind.Write, HoldKind.Immutable) or (HoldKind.Immutable, HoldKind.Write) => true,
        _ => false,
    };

    public readonly HoldKind this[int hold] => (HoldKind)((_state >> (hold * 4)) & 15);

    public void Hold(int hold, HoldKind kind) => _state = (_state & ~(15UL << (hold * 4))) | ((ulong)kind << (hold * 4));

    /// <summary>Whether the domain has no bytes, so that its holds conflict with nothing.</summary>
    public bool IsEmpty
    {
        readonly get => (_state & EmptyFlag) != 0;
        set => _state = value ? _state | EmptyFlag : _state & ~EmptyFlag;
    }

    /// <inheritdoc/>
    public Outcome Apply(in TrackerCall call)
    {
        bool retired = (_state & RetiredFlag) != 0;
        bool unsupported = (_state & FrozenFlag) != 0 && call.Argument is HoldKind.Write or HoldKind.Exclusive;
        switch (call.Kind)
        {
            case CallKind.Release:
                if (this[call.Hold] == HoldKind.None)
                {
                    return Outcome.Nothing;
                }

                Hold(call.Hold, HoldKind.None);
                return Outcome.Done;
            case CallKind.Freeze:
                if (retired || AnyExcludes(HoldKind.Immutable, -1))
                {
                    return retired ? Outcome.Ended : Outcome.Conflict;
                }

                _state |= FrozenFlag;
                return Outcome.Done;
            case CallKind.Retire:
                _state |= RetiredFlag;
                return Outcome.Done;
            case CallKind.Free or CallKind.BeginResize:
                if (retired || IsHeld)
                {
                    return retired ? Outcome.Ended : Outcome.Conflict;
                }

                _state |= call.Kind == CallKind.Free ? RetiredFlag : ResizingFlag;
                return Outcome.Done;
            case CallKind.EndResize:
                _state &= ~ResizingFlag;
                IsEmpty = call.Length == 0;
                return Outcome.Done;
            case CallKind.Take or CallKind.Upgrade:
                if (retired || (call.Kind == CallKind.Upgrade && this[call.Hold] == HoldKind.None))
                {
                    return Outcome.Ended;
                }

                if (unsupported)
                {
                    return Outcome.Unsupported;
                }

                if (AnyExcludes(call.Argument, call.Hold))
                {
                    return Outcome.Conflict;
                }

                break;
            default:
                // A hold that changed its kind has another token, and only Exclusive ones have uses.
                if (this[call.Hold] == HoldKind.None || (call.Kind == CallKind.Use && this[call.Hold] != HoldKind.Exclusive))
                {
                    return Outcome.Ended;
                }

                // Beside an Exclusive hold there can only be uses of it, and a hold in use keeps its kind.
                if (call.Kind != CallKind.Use && this[call.Hold] == HoldKind.Exclusive && AnyExcludes(HoldKind.Exclusive, call.Hold))
                {
                    return Outcome.Conflict;
                }

                break;
        }

        _state |= call.Kind == CallKind.FreezeHeld ? FrozenFlag : 0;
        Hold(call.Result, call.Argument);
        return Outcome.Done;
    }

    private readonly bool IsHeld => (_state & (ResizingFlag | ((1UL << (Holds * 4)) - 1))) != 0;

    private readonly bool AnyExcludes(HoldKind kind, int except)
    {
        if (IsEmpty || (_state & ResizingFlag) != 0)
        {
            return (_state & ResizingFlag) != 0;
        }

        for (int hold = 0; hold < Holds; hold++)
        {
            if (hold != except && Excludes(this[hold], kind))
            {
                return true;
            }
        }

        return false;
    }
}
