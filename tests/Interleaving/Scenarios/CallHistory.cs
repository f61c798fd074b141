using System.Globalization;
using FastBuffers.Interleaving.Engine;

namespace FastBuffers.Interleaving.Scenarios;

/// <summary>
/// The calls of one execution, and whether some order of them, one at a time, explains all their answers (linearizability: M. Herlihy and
/// J. Wing, 1990). An order may not put a call before one that had ended when it began. So a refusal is justified only by a hold that was
/// there at an instant of the call, and of racing upgraders only one can have won. A call that stores ends when its last store is in
/// memory, which on x64 may be after it returned: until then nobody else can know that it returned.
/// </summary>
/// <typeparam name="TModel">The state that the calls are explained by.</typeparam>
internal sealed class CallHistory<TModel>
    where TModel : struct, IReferenceModel
{
    private const int PerThread = 4;

    private readonly Entry[] _entries = new Entry[4 * PerThread];
    private readonly int[] _counts = new int[4];
    private uint _ended;
    private GhostEffects _effects;

    public void Clear()
    {
        Array.Clear(_counts);
        Array.Clear(_entries);
        _ended = 0;
        _effects = GhostEffects.None;
    }

    /// <summary>Notes that the stores of a thread up to a number have reached memory: with its last store a call that stores has ended.</summary>
    public void Flushed(int thread, int flushes)
    {
        uint before = _ended;
        for (int i = 0; i < _counts[thread]; i++)
        {
            int index = (thread * PerThread) + i;
            _ended |= _entries[index].Outcome != Outcome.Pending && _entries[index].Stores <= flushes ? 1u << index : 0;
        }

        _effects |= _ended != before ? GhostEffects.Ended : GhostEffects.None;
    }

    /// <summary>Whether calls have begun or ended since this was last asked: the order of the two is what a history is.</summary>
    public GhostEffects TakeEffects()
    {
        GhostEffects effects = _effects;
        _effects = GhostEffects.None;
        return effects;
    }

    /// <summary>Notes a call that begins with the next step of its thread.</summary>
    public int Announce(int thread, in TrackerCall call, int steps)
    {
        int index = (thread * PerThread) + _counts[thread]++;
        _entries[index] = new Entry { Call = call, Steps = steps };
        return index;
    }

    /// <summary>
    /// Notes, for each announced call whose thread has taken a step since, or that ended without one, which calls ended before it began.
    /// </summary>
    public void Advance(int thread, int steps)
    {
        for (int index = thread * PerThread; index < (thread * PerThread) + _counts[thread]; index++)
        {
            ref Entry entry = ref _entries[index];
            if (!entry.HasBegun && (steps > entry.Steps || entry.Outcome != Outcome.Pending))
            {
                entry.HasBegun = true;
                entry.Before = _ended;
                _effects |= GhostEffects.Began;
            }
        }
    }

    /// <summary>Whether any of a set of calls has taken its first step.</summary>
    public bool HasBegunAny(uint calls)
    {
        for (int index = 0; calls >> index != 0; index++)
        {
            if ((calls >> index & 1) != 0 && _entries[index].HasBegun)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Notes how a call ended, and how many stores its thread has done by then.</summary>
    public void End(int index, Outcome outcome, int stores)
    {
        _entries[index].Outcome = outcome;
        _entries[index].Stores = stores;
    }

    /// <summary>Whether a call ended in a certain way.</summary>
    public bool Has(CallKind kind, Outcome outcome)
    {
        foreach (ref readonly Entry entry in _entries.AsSpan())
        {
            if (entry.Call.Kind == kind && entry.Outcome == outcome)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>What the checks will ask of one thread's calls.</summary>
    public void AddOutcomes(int thread, ref StateHash state)
    {
        state.Add(_counts[thread]);
        for (int i = 0; i < _counts[thread]; i++)
        {
            state.Add((long)_entries[(thread * PerThread) + i].Outcome);
        }
    }

    /// <summary>Outcomes are functions of their threads' own histories; who ended before whom is not.</summary>
    public void AddTo(ref StateHash state)
    {
        for (int thread = 0; thread < _counts.Length; thread++)
        {
            for (int i = 0; i < _counts[thread]; i++)
            {
                ref Entry entry = ref _entries[(thread * PerThread) + i];
                state.Add(entry.HasBegun ? entry.Before : ulong.MaxValue);
            }
        }
    }

    /// <summary>Whether the model, starting from <paramref name="model"/>, explains the calls.</summary>
    public bool IsExplainedBy(in TModel model) => Explains(model, _ended);

    public override string ToString() => string.Join(
        "; ",
        Enumerable.Range(0, _entries.Length)
            .Where(index => index % PerThread < _counts[index / PerThread])
            .Select(index => string.Create(
                CultureInfo.InvariantCulture, $"T{index / PerThread} {_entries[index].Call} of {_entries[index].Call.Hold}: {_entries[index].Outcome}")));

    private bool Explains(in TModel model, uint left)
    {
        for (int index = 0; left >> index != 0; index++)
        {
            uint earlier = (1u << index) - (1u << (index / PerThread * PerThread));
            if ((left >> index & 1) == 0 || ((_entries[index].Before | earlier) & left) != 0)
            {
                continue;
            }

            TModel next = model;
            if ((next.Apply(_entries[index].Call) == _entries[index].Outcome || IsOvertaken(index, out next, model))
                && Explains(next, left & ~(1u << index)))
            {
                return true;
            }
        }

        return left == 0;
    }

    // A call on a hold that another call has decided to end or change, which that one may still be doing, may say that the hold has ended,
    // or that another thread is changing it: it changes nothing itself, and what it says is all that it promises. Whoever changes a hold
    // that a third call ends meanwhile has changed it all the same when he hears of that.
    private bool IsOvertaken(int index, out TModel next, in TModel model)
    {
        next = model;
        ref readonly Entry entry = ref _entries[index];
        bool hears = entry.Outcome == Outcome.Unsupported;
        if (!entry.Call.NeedsHold || !(hears || entry.Outcome is Outcome.Nothing or Outcome.Ended))
        {
            return false;
        }

        for (int other = 0; _ended >> other != 0; other++)
        {
            ref readonly Entry by = ref _entries[other];
            bool changes = by.Call.IsConversion || (!hears && (by.Call.Ends || (by.Call.Kind == CallKind.Publish && entry.Call.Kind == CallKind.Publish)));
            bool overlap = (by.Before >> index & 1) == 0 && (entry.Before >> other & 1) == 0;
            if ((_ended >> other & 1) != 0 && other != index && changes && overlap && (hears || by.Outcome == Outcome.Done || (by.Outcome == Outcome.Ended && by.Call.IsConversion)) && by.Call.WorksOn(entry.Call.Hold))
            {
                return true;
            }
        }

        return false;
    }

    private struct Entry
    {
        public TrackerCall Call;
        public Outcome Outcome;
        public uint Before;
        public int Steps;
        public int Stores;
        public bool HasBegun;
    }
}
