using FastBuffers.Locking;

namespace FastBuffers.Testing;

/// <summary>
/// What semantics.md says about one domain, as plainly as it can be said: a list of holds, looked through from start to end.
/// Answers are "ok", "refused" (a Try that was false) or the name of an exception.
/// </summary>
internal sealed class HoldModel(int length)
{
    internal const string Ok = "ok";
    internal const string Refused = "refused";
    private const string Argument = nameof(ArgumentOutOfRangeException);
    private const string Dead = nameof(ObjectDisposedException);
    private const string Unsupported = nameof(BufferException);
    private const string Conflict = nameof(BufferConflictException);

    private readonly List<Hold> _holds = [];
    private bool _frozen;

    /// <summary>The number of holds ever handed out; their ids are below.</summary>
    internal int Count => _holds.Count;

    internal int Length { get; private set; } = length;

    internal bool IsRetired { get; private set; }

    /// <summary>Whether the memory must be free by now.</summary>
    internal bool IsClosed => IsRetired && !Active.Any();

    private IEnumerable<Hold> Active => _holds.Where(static hold => hold.IsLive || hold.Pins > 0);

    internal HoldKind KindOf(int id) => _holds[id].Kind;

    internal bool IsLive(int id) => _holds[id].IsLive;

    internal HoldSnapshot Snapshot()
    {
        int[] counts = [.. Kinds.All.Select(kind => Active.Count(hold => hold.Kind == kind))];
        HoldSnapshot holds = Length == 0
            ? new() { RangedHolds = counts.Sum() }
            : new() { Readers = counts[0], Writers = counts[1], Immutables = counts[2], IsExclusive = counts[3] == 1 };
        return holds with { IsFrozen = _frozen, IsRetired = IsRetired };
    }

    /// <summary>What taking would answer, for a hold that ends before the next step.</summary>
    internal string Probe(HoldKind kind) =>
        IsRetired ? Dead : !Supports(kind) ? Unsupported : Conflicts(kind, Active) ? Refused : Ok;

    internal string Take(HoldKind kind)
    {
        string answer = Probe(kind);
        return answer == Ok ? Add(kind) : answer;
    }

    internal string Release(int id)
    {
        bool ended = IsLive(id);
        _holds[id].IsLive = false;
        return ended ? Ok : Refused;
    }

    internal string Downgrade(int id, HoldKind kind) =>
        !Kinds.IsDowngrade(KindOf(id), kind) ? Argument : !IsLive(id) ? Dead : _holds[id].Pins > 0 ? Conflict : Replace(id, kind);

    internal string Upgrade(int id, HoldKind kind) =>
        !Kinds.IsUpgrade(KindOf(id), kind) ? Argument
        : !IsLive(id) || IsRetired ? Dead
        : !Supports(kind) ? Unsupported
        : Conflicts(kind, Active.Where(hold => hold != _holds[id])) ? Refused
        : Replace(id, kind);

    internal string Share(int id) => !IsLive(id) ? Dead : KindOf(id) == HoldKind.Exclusive ? Unsupported : Add(KindOf(id));

    /// <summary>A pin: of an Exclusive hold it puts the end off, of another it is a hold of its own. The id is that of the pin.</summary>
    internal string Pin(int id)
    {
        if (!IsLive(id))
        {
            return Dead;
        }

        Hold? pinned = KindOf(id) == HoldKind.Exclusive ? _holds[id] : null;
        _holds.Add(new Hold { Kind = KindOf(id), IsLive = pinned is null, IsPin = true, Pinned = pinned });
        if (pinned is not null)
        {
            pinned.Pins++;
        }

        return Ok;
    }

    internal bool IsPin(int id) => _holds[id].IsPin;

    internal void Unpin(int id)
    {
        _holds[id].IsLive = false;
        if (_holds[id].Pinned is { } pinned)
        {
            pinned.Pins--;
            _holds[id].Pinned = null;
        }
    }

    /// <summary>Freezes without a hold.</summary>
    internal string Freeze()
    {
        if (IsRetired || Conflicts(HoldKind.Immutable, Active))
        {
            return IsRetired ? Dead : Conflict;
        }

        _frozen = true;
        return Ok;
    }

    internal string FreezeThrough(int id)
    {
        if (IsLive(id) && KindOf(id) == HoldKind.Exclusive && _holds[id].Pins > 0)
        {
            return Conflict;
        }

        if (!IsLive(id) || KindOf(id) != HoldKind.Exclusive)
        {
            return IsLive(id) ? Unsupported : Dead;
        }

        _frozen = true;
        return Replace(id, HoldKind.Immutable);
    }

    internal string Resize(int newLength)
    {
        string answer = newLength < 0 ? Argument : IsRetired ? Dead : _frozen ? Unsupported : Active.Any() ? Conflict : Ok;
        Length = answer == Ok ? newLength : Length;
        return answer;
    }

    internal string ResizeThrough(int id, int newLength)
    {
        string answer = newLength < 0 ? Argument
            : !IsLive(id) ? Dead
            : KindOf(id) != HoldKind.Exclusive ? Unsupported
            : IsRetired ? Dead
            : _frozen ? Unsupported
            : Active.Any(hold => hold != _holds[id]) || _holds[id].Pins > 0 ? Conflict
            : Replace(id, HoldKind.Exclusive);
        Length = answer == Ok ? newLength : Length;
        return answer;
    }

    internal void Retire() => IsRetired = true;

    internal string TryFree()
    {
        if (IsRetired || Active.Any())
        {
            return IsRetired ? Dead : Refused;
        }

        IsRetired = true;
        return Ok;
    }

    private bool Supports(HoldKind kind) => !_frozen || kind is HoldKind.Read or HoldKind.Immutable;

    private bool Conflicts(HoldKind kind, IEnumerable<Hold> others) => Length > 0 && others.Any(hold => Kinds.Conflict(hold.Kind, kind));

    private string Replace(int id, HoldKind kind)
    {
        _holds[id].IsLive = false;
        return Add(kind);
    }

    private string Add(HoldKind kind)
    {
        _holds.Add(new Hold { Kind = kind, IsLive = true });
        return Ok;
    }

    private sealed class Hold
    {
        internal HoldKind Kind { get; init; }

        internal bool IsLive { get; set; }

        internal bool IsPin { get; init; }

        internal Hold? Pinned { get; set; }

        internal int Pins { get; set; }
    }
}
