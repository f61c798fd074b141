using System.Runtime.InteropServices;

namespace FastBuffers.Interleaving.Engine;

/// <summary>
/// Every schedule, depth first by re-execution. With pruning, an execution is cut where it reaches a state that was reached before. That
/// loses nothing: the fingerprint covers the content of every shared location touched, each thread's store buffer and the results of all
/// its accesses (of which its local state and its next access are a function), its progress, and the scenario's ghost state. So equal
/// states have equal continuations, and those of the first visit have been explored or are on the path still to be advanced. Locations
/// and objects enter by labels that the histories determine, hence equal labels in equal histories mean corresponding objects.
/// </summary>
/// <remarks>
/// With sleep sets (P. Godefroid, "Partial-Order Methods", 1996, 5.3) most executions that would only be cut are not begun. A choice that
/// was explored in a state sleeps in the states that are reached from there by other choices, for as long as those commute with it: what
/// it leads to there is reached by it first and them afterwards. That leaves out orders, never a state. A state keeps what slept at all of
/// its visits; what slept at the earlier ones and does not now is explored then.
/// </remarks>
internal sealed class DepthFirstStrategy(bool prune, bool sleep) : ScheduleStrategy
{
    private readonly Dictionary<StateHash, uint> _asleep = [];
    private readonly List<Node> _path = [];
    private int _depth;

    // Of what is repeated, the last state is enough: whatever went otherwise is in the histories of that one.
    public override bool NeedsState => _depth >= _path.Count - 1;

    public override long States => _asleep.Count;

    public override bool TryChoose(List<Choice> options, in StateHash state, out Choice choice)
    {
        if (_depth < _path.Count)
        {
            Node node = _path[_depth++];
            if (_depth == _path.Count && node.State != state)
            {
                throw new NotSupportedException(
                    "The scenario is not deterministic: the same decisions led to another state. Something outside the shims differs between executions.");
            }

            choice = node.Current;
            return true;
        }

        List<(Choice Choice, Footprint Step)> sleeping = _path.Count > 0 ? _path[^1].SleepingAfter() : [];
        uint due = Due(options, state, sleeping);
        if (due == 0)
        {
            Cut++;
            choice = default;
            return false;
        }

        _path.Add(new Node([.. options.Where(option => (due & Bit(option)) != 0)], state, sleeping));
        _depth++;
        choice = _path[^1].Current;
        return true;
    }

    public override void Note(in Footprint step)
    {
        // Of the others it is known.
        if (sleep && _depth > 0 && _depth == _path.Count)
        {
            _path[^1].Step = step;
        }
    }

    public override bool Advance()
    {
        _depth = 0;
        while (_path.Count > 0)
        {
            if (_path[^1].Advance())
            {
                return true;
            }

            _path.RemoveAt(_path.Count - 1);
        }

        return false;
    }

    public override void Restart()
    {
        _asleep.Clear();
        _path.Clear();
        _depth = 0;
        Cut = 0;
    }

    private static uint Bit(Choice choice) => 1u << (((int)choice.Kind * 8) + choice.Thread);

    // The options that are to be explored at this visit.
    private uint Due(List<Choice> options, in StateHash state, List<(Choice Choice, Footprint Step)> sleeping)
    {
        uint possible = options.Aggregate(0u, static (bits, option) => bits | Bit(option));
        if (!prune)
        {
            return possible;
        }

        uint now = sleeping.Aggregate(0u, static (bits, sleeper) => bits | Bit(sleeper.Choice)) & possible;
        ref uint always = ref CollectionsMarshal.GetValueRefOrAddDefault(_asleep, state, out bool visited);
        uint due = visited ? always & ~now : possible & ~now;
        uint left = always = visited ? always & now : now;
        sleeping.RemoveAll(sleeper => (left & Bit(sleeper.Choice)) == 0);
        return due;
    }

    private sealed class Node(Choice[] options, StateHash state, List<(Choice Choice, Footprint Step)> sleeping)
    {
        private int _index;

        public StateHash State => state;

        public Choice Current => options[_index];

        /// <summary>What the current choice did; unknown until it is told.</summary>
        public Footprint Step { get; set; } = new() { IsUnknown = true };

        /// <summary>What sleeps in the state that the current choice led to.</summary>
        public List<(Choice Choice, Footprint Step)> SleepingAfter() =>
            sleeping.FindAll(sleeper => sleeper.Choice.Thread != Current.Thread && sleeper.Step.Commutes(Step));

        /// <summary>Goes on to the next choice: the one before sleeps from here on. False if there is none.</summary>
        public bool Advance()
        {
            if (!Step.IsUnknown)
            {
                sleeping.Add((Current, Step));
            }

            Step = new Footprint { IsUnknown = true };
            return ++_index < options.Length;
        }
    }
}
