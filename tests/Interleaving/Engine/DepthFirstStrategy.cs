namespace FastBuffers.Interleaving.Engine;

/// <summary>
/// Every schedule, depth first by re-execution. With pruning, an execution is cut where it reaches a state that was reached before. That
/// loses nothing: the fingerprint covers the content of every shared location touched, each thread's store buffer and the results of all
/// its accesses (of which its local state and its next access are a function), its progress, and the scenario's ghost state. So equal
/// states have equal continuations, and those of the first visit have been explored or are on the path still to be advanced. Locations
/// and objects enter by labels that the histories determine, hence equal labels in equal histories mean corresponding objects.
/// </summary>
internal sealed class DepthFirstStrategy(bool prune) : ScheduleStrategy
{
    private readonly HashSet<StateHash> _visited = [];
    private readonly List<Node> _path = [];
    private int _depth;

    public override bool NeedsState => true;

    public override bool TryChoose(List<Choice> options, in StateHash state, out Choice choice)
    {
        if (_depth < _path.Count)
        {
            Node node = _path[_depth++];
            if (node.State != state)
            {
                throw new NotSupportedException(
                    "The scenario is not deterministic: the same decisions led to another state. Something outside the shims differs between executions.");
            }

            choice = node.Options[node.Index];
            return true;
        }

        if (prune && !_visited.Add(state))
        {
            Cut++;
            choice = default;
            return false;
        }

        _path.Add(new Node([.. options], state));
        _depth++;
        choice = options[0];
        return true;
    }

    public override bool Advance()
    {
        _depth = 0;
        while (_path.Count > 0)
        {
            Node last = _path[^1];
            if (++last.Index < last.Options.Length)
            {
                return true;
            }

            _path.RemoveAt(_path.Count - 1);
        }

        return false;
    }

    public override void Restart()
    {
        _visited.Clear();
        _path.Clear();
        _depth = 0;
        Cut = 0;
    }

    private sealed class Node(Choice[] options, StateHash state)
    {
        public Choice[] Options => options;

        public StateHash State => state;

        public int Index { get; set; }
    }
}
