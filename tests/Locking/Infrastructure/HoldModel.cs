using FastBuffers.Locking;

namespace FastBuffers.Testing;

/// <summary>
/// What semantics.md says about one domain, as plainly as it can be said: a list of ranges with kinds, looked through from start to
/// end. An answer that is not Ok leaves everything as it was.
/// </summary>
internal sealed class HoldModel(int length)
{
    private readonly List<ModelHold> _active = [];
    private bool _frozen;

    internal int Length { get; private set; } = length;

    /// <summary>How often the length was changed.</summary>
    internal int Size { get; private set; }

    internal bool IsRetired { get; private set; }

    /// <summary>Whether the memory must be free by now.</summary>
    internal bool IsClosed => IsRetired && _active.Count == 0;

    /// <summary>The holds now.</summary>
    internal IReadOnlyList<ModelHold> Active => _active;

    internal HoldSnapshot Snapshot()
    {
        int[] wholes = new int[9];
        int ranged = 0;
        foreach (ModelHold hold in _active)
        {
            if (hold.IsWhole && Length > 0)
            {
                wholes[(int)hold.Kind]++;
            }
            else
            {
                ranged++;
            }
        }

        return new HoldSnapshot
        {
            Readers = wholes[(int)HoldKind.Read],
            Writers = wholes[(int)HoldKind.Write],
            Immutables = wholes[(int)HoldKind.Immutable],
            IsExclusive = wholes[(int)HoldKind.Exclusive] == 1,
            RangedHolds = ranged,
            IsFrozen = _frozen,
            IsRetired = IsRetired,
        };
    }

    /// <summary>What blocks a hold, one entry per hold.</summary>
    internal HoldInfo[] Blockers(HoldKind kind, int start, int end) =>
        [.. _active.Where(hold => hold.Blocks(kind, start, end)).Select(hold => hold.Parts.First(
            part => Kinds.Conflict(part.Kind, kind) && part.Start < end && part.Start + part.Length > start))];

    internal Answer Take(HoldKind kind, out ModelHold? made) => Take(kind, 0, Length, Size, out made);

    internal Answer Take(HoldKind kind, int start, int length, int size, out ModelHold? made)
    {
        Answer answer = IsRetired || size != Size ? Answer.Dead
            : !Supports(kind) ? Answer.Unsupported
            : IsBlocked(kind, start, start + length, except: null) ? Answer.Refused
            : Answer.Ok;
        made = answer == Answer.Ok ? Add(kind, start, start + length) : null;
        return answer;
    }

    /// <summary>Takes a hold's token away; whether there was one.</summary>
    internal Answer Release(ModelHold hold)
    {
        bool ended = hold.IsLive;
        hold.IsLive = false;
        if (hold.Uses == 0)
        {
            _active.Remove(hold);
        }

        if (ended && hold.UseOf is { } used && --used.Uses == 0 && !used.IsLive)
        {
            _active.Remove(used);
        }

        return ended ? Answer.Ok : Answer.Refused;
    }

    internal Answer Downgrade(ModelHold hold, HoldKind kind, out ModelHold? made) =>
        Made(!Kinds.IsDowngrade(hold.Kind, kind) ? Answer.BadArgument : IfUnused(hold), hold, kind, out made);

    internal Answer Upgrade(ModelHold hold, HoldKind kind, out ModelHold? made) => Made(
        !Kinds.IsUpgrade(hold.Kind, kind) ? Answer.BadArgument
        : !hold.IsLive || IsRetired ? Answer.Dead
        : !Supports(kind) ? Answer.Unsupported
        : IsBlocked(kind, hold.Start, hold.End, except: hold) ? Answer.Refused
        : Answer.Ok,
        hold,
        kind,
        out made);

    /// <summary>A further hold on a part of the bytes, counted from the hold's first.</summary>
    internal Answer Share(ModelHold hold, int start, int length, HoldKind kind, out ModelHold? made)
    {
        Answer answer = kind != hold.Kind && !Kinds.IsDowngrade(hold.Kind, kind) ? Answer.BadArgument
            : !hold.IsLive ? Answer.Dead
            : start < 0 || length < 0 || (long)start + length > hold.Length ? Answer.BadArgument
            : hold.Kind == HoldKind.Exclusive ? Answer.Unsupported
            : Answer.Ok;
        made = answer == Answer.Ok ? Add(kind, hold.Start + start, hold.Start + start + length) : null;
        return answer;
    }

    internal Answer Split(ModelHold hold, int at, out ModelHold? left, out ModelHold? right)
    {
        (left, right) = (null, null);
        Answer answer = !hold.IsLive ? Answer.Dead
            : at < 0 || at > hold.Length ? Answer.BadArgument
            : hold.Kind != HoldKind.Exclusive ? Answer.Unsupported
            : IfUnused(hold);
        if (answer == Answer.Ok)
        {
            Release(hold);
            left = Add(HoldKind.Exclusive, hold.Start, hold.Start + at);
            right = Add(HoldKind.Exclusive, hold.Start + at, hold.End);
        }

        return answer;
    }

    internal static Answer Join(ModelHold left, ModelHold right, out ModelHold? made)
    {
        made = null;
        Answer answer = !left.IsLive || !right.IsLive ? Answer.Dead
            : left.Kind != HoldKind.Exclusive || right.Kind != HoldKind.Exclusive ? Answer.Unsupported
            : left == right || left.Model != right.Model || left.End != right.Start || left.Uses + right.Uses > 0 ? Answer.Refused
            : Answer.Ok;
        if (answer == Answer.Ok)
        {
            left.Model.Release(left);
            left.Model.Release(right);
            made = left.Model.Add(HoldKind.Exclusive, left.Start, right.End);
        }

        return answer;
    }

    /// <summary>A scope or a pin: of an Exclusive hold a use, of another a further hold.</summary>
    internal Answer Use(ModelHold hold, out ModelHold? made)
    {
        made = null;
        if (!hold.IsLive)
        {
            return Answer.Dead;
        }

        if (hold.Kind != HoldKind.Exclusive)
        {
            return Share(hold, 0, hold.Length, hold.Kind, out made);
        }

        hold.Uses++;
        made = new ModelHold(this, hold.Kind, hold.Start, hold.End) { UseOf = hold };
        return Answer.Ok;
    }

    internal Answer Append(out ModelHold? made)
    {
        Answer answer = IsRetired ? Answer.Dead
            : !Supports(HoldKind.Exclusive) ? Answer.Unsupported
            : _active.Any(hold => hold.IsAppender || hold.Length > 0) ? Answer.Refused
            : Answer.Ok;
        made = answer == Answer.Ok ? Add(new ModelHold(this, HoldKind.Exclusive, 0, Length) { IsAppender = true }) : null;
        return answer;
    }

    internal static Answer Publish(ModelHold appender, int count)
    {
        Answer answer = !appender.IsLive ? Answer.Dead : count < 0 || count > appender.Length ? Answer.BadArgument : Answer.Ok;
        appender.Start += answer == Answer.Ok ? count : 0;
        return answer;
    }

    /// <summary>Freezes without a hold.</summary>
    internal Answer Freeze()
    {
        Answer answer = IsRetired ? Answer.Dead : IsBlocked(HoldKind.Immutable, 0, Length, except: null) ? Answer.Conflict : Answer.Ok;
        _frozen |= answer == Answer.Ok;
        return answer;
    }

    internal Answer FreezeThrough(ModelHold hold, out ModelHold? made)
    {
        Answer answer = Made(ThroughWhole(hold), hold, HoldKind.Immutable, out made);
        _frozen |= answer == Answer.Ok;
        return answer;
    }

    internal Answer Resize(int newLength)
    {
        Answer answer = newLength < 0 || newLength > Array.MaxLength ? Answer.BadArgument
            : IsRetired ? Answer.Dead
            : _frozen ? Answer.Unsupported
            : _active.Count > 0 ? Answer.Conflict
            : Answer.Ok;
        SetLength(answer, newLength);
        return answer;
    }

    /// <summary>What <see cref="ResizeThrough"/> would say.</summary>
    internal Answer AskResizeThrough(ModelHold hold, int newLength)
    {
        Answer through = ThroughWhole(hold);
        return newLength < 0 || newLength > Array.MaxLength ? Answer.BadArgument
            : through is Answer.Dead or Answer.Unsupported ? through
            : IsRetired ? Answer.Dead
            : _frozen ? Answer.Unsupported
            : _active.Count > 1 || through != Answer.Ok ? Answer.Conflict
            : Answer.Ok;
    }

    internal Answer ResizeThrough(ModelHold hold, int newLength, out ModelHold? made)
    {
        Answer answer = AskResizeThrough(hold, newLength);
        SetLength(answer, newLength);
        made = null;
        if (answer == Answer.Ok)
        {
            Release(hold);
            made = Add(HoldKind.Exclusive, 0, newLength);
        }

        return answer;
    }

    internal void Retire() => IsRetired = true;

    internal Answer TryFree()
    {
        Answer answer = IsRetired ? Answer.Dead : _active.Count > 0 ? Answer.Refused : Answer.Ok;
        IsRetired |= answer == Answer.Ok;
        return answer;
    }

    private bool Supports(HoldKind kind) => !_frozen || kind is HoldKind.Read or HoldKind.Immutable;

    private bool IsBlocked(HoldKind kind, int start, int end, ModelHold? except)
    {
        foreach (ModelHold hold in _active)
        {
            if (hold != except && hold.Blocks(kind, start, end))
            {
                return true;
            }
        }

        return false;
    }

    private static Answer IfUnused(ModelHold hold) => !hold.IsLive ? Answer.Dead : hold.Uses > 0 ? Answer.Conflict : Answer.Ok;

    private static Answer ThroughWhole(ModelHold hold) =>
        hold.IsLive && (hold.Kind != HoldKind.Exclusive || !hold.IsWhole) ? Answer.Unsupported : IfUnused(hold);

    private void SetLength(Answer answer, int newLength)
    {
        if (answer == Answer.Ok)
        {
            Length = newLength;
            Size++;
        }
    }

    // Ends a hold and begins another in its place.
    private Answer Made(Answer answer, ModelHold hold, HoldKind kind, out ModelHold? made)
    {
        made = null;
        if (answer == Answer.Ok)
        {
            Release(hold);
            made = Add(kind, hold.Start, hold.End);
        }

        return answer;
    }

    private ModelHold Add(HoldKind kind, int start, int end) => Add(new ModelHold(this, kind, start, end));

    private ModelHold Add(ModelHold hold)
    {
        _active.Add(hold);
        return hold;
    }
}
