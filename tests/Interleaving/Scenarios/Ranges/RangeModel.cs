using System.Runtime.CompilerServices;

namespace FastBuffers.Interleaving.Scenarios;

/// <summary>
/// A domain with holds on parts, as a list of (range, kind), one call at a time: what the calls of an execution must be explainable by.
/// Kinds exclude each other by the conflict table of <see cref="ReferenceModel"/>, not by the library's.
/// </summary>
internal struct RangeModel : IReferenceModel
{
    /// <summary>The place of a hold that belongs to no thread.</summary>
    public const int NobodysHold = Capacity - 1;

    private const int Capacity = 16;

    private Holds _holds;
    private int _length;
    private bool _retired;
    private bool _frozen;
    private bool _resizing;
    private bool _resized;

    public RangeModel(int length) => _length = length;

    public void Hold(int hold, ModelHold value) => _holds[hold] = value;

    /// <inheritdoc/>
    public Outcome Apply(in TrackerCall call)
    {
        ModelHold held = _holds[call.Hold];
        if (call.NeedsHold && (held.IsNone || (call.IsCopy && held.Changes != 0)))
        {
            return call.Kind == CallKind.Release ? Outcome.Nothing : Outcome.Ended;
        }

        switch (call.Kind)
        {
            case CallKind.Take or CallKind.Append:
                return Take(call);
            case CallKind.Release:
                _holds[call.Hold] = default;
                return Outcome.Done;
            case CallKind.Upgrade:
                return Upgrade(call, held);
            case CallKind.Downgrade or CallKind.FreezeHeld or CallKind.Split when IsUsed(call.Hold):
                return Outcome.Conflict;
            case CallKind.Downgrade or CallKind.FreezeHeld:
                _frozen |= call.Kind == CallKind.FreezeHeld;
                Convert(call, held);
                return Outcome.Done;
            case CallKind.Share:
                _holds[call.Result] = new(call.Argument, call.IsPart ? (byte)call.Start : held.Start, call.IsPart ? (byte)call.End : held.End);
                return Outcome.Done;
            case CallKind.Use:
                _holds[call.Result] = held with { UseOf = (byte)(call.Hold + 1) };
                return Outcome.Done;
            case CallKind.Split:
                _holds[call.Hold] = default;
                _holds[call.Result] = new(held.Kind, held.Start, (byte)call.Start);
                _holds[call.Other] = new(held.Kind, (byte)call.Start, held.End);
                return Outcome.Done;
            case CallKind.Join:
                return Join(call, held);
            case CallKind.Publish:
                _holds[call.Hold] = held with { Start = (byte)(held.Start + call.Length) };
                return Outcome.Done;
            case CallKind.Freeze:
                Outcome frozen = _retired ? Outcome.Ended : _resizing || IsExcluded(HoldKind.Immutable, 0, _length, -1) ? Outcome.Conflict : Outcome.Done;
                _frozen |= frozen == Outcome.Done;
                return frozen;
            case CallKind.Free or CallKind.BeginResize:
                Outcome alone = _retired ? Outcome.Ended : _resizing || IsHeld ? Outcome.Conflict : Outcome.Done;
                _retired |= alone == Outcome.Done && call.Kind == CallKind.Free;
                _resizing |= alone == Outcome.Done && call.Kind == CallKind.BeginResize;
                return alone;
            case CallKind.EndResize:
                _resizing = false;
                _resized = true;
                _length = call.Length;
                return Outcome.Done;
            case CallKind.Retire:
                _retired = true;
                return Outcome.Done;
            default:
                throw new NotSupportedException($"{call.Kind}");
        }
    }

    private readonly bool IsHeld
    {
        get
        {
            foreach (ref readonly ModelHold hold in (ReadOnlySpan<ModelHold>)_holds)
            {
                if (!hold.IsNone)
                {
                    return true;
                }
            }

            return false;
        }
    }

    private Outcome Take(in TrackerCall call)
    {
        bool appends = call.Kind == CallKind.Append;
        int start = call.IsPart ? call.Start : 0;
        int end = call.IsPart ? call.End : _length;
        if (_retired || (_resized && call.IsPart))
        {
            return Outcome.Ended;
        }

        if (IsUnsupported(call.Argument))
        {
            return Outcome.Unsupported;
        }

        if (_resizing || IsExcluded(call.Argument, start, end, -1))
        {
            return Outcome.Conflict;
        }

        _holds[call.Result] = new(call.Argument, (byte)start, (byte)end, Appends: appends);
        return Outcome.Done;
    }

    private Outcome Upgrade(in TrackerCall call, ModelHold held)
    {
        if (_retired)
        {
            return Outcome.Ended;
        }

        if (IsUnsupported(call.Argument))
        {
            return Outcome.Unsupported;
        }

        if (IsExcluded(call.Argument, held.Start, held.End, call.Hold))
        {
            return Outcome.Conflict;
        }

        Convert(call, held);
        return Outcome.Done;
    }

    private Outcome Join(in TrackerCall call, ModelHold held)
    {
        ModelHold other = _holds[call.Other];
        if (other.IsNone)
        {
            return Outcome.Ended;
        }

        if (IsUsed(call.Hold) || IsUsed(call.Other))
        {
            return Outcome.Conflict;
        }

        _holds[call.Hold] = _holds[call.Other] = default;
        _holds[call.Result] = held with { End = other.End };
        return Outcome.Done;
    }

    private void Convert(in TrackerCall call, ModelHold held)
    {
        _holds[call.Hold] = default;
        _holds[call.Result] = held with { Kind = call.Argument, Changes = (byte)(held.Changes + 1) };
    }

    private readonly bool IsUnsupported(HoldKind kind) => _frozen && kind is HoldKind.Write or HoldKind.Exclusive;

    private readonly bool IsUsed(int hold)
    {
        foreach (ref readonly ModelHold use in (ReadOnlySpan<ModelHold>)_holds)
        {
            if (use.UseOf == hold + 1)
            {
                return true;
            }
        }

        return false;
    }

    private readonly bool IsExcluded(HoldKind kind, int start, int end, int except)
    {
        for (int hold = 0; hold < Capacity; hold++)
        {
            if (hold != except && _holds[hold].Excludes(kind, start, end))
            {
                return true;
            }
        }

        return false;
    }

    [InlineArray(Capacity)]
    private struct Holds
    {
        private ModelHold _first;
    }
}
