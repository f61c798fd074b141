namespace FastBuffers.Interleaving.Engine;

/// <summary>One given schedule; beyond its end, the first option.</summary>
internal sealed class ReplayStrategy(Choice[] schedule) : ScheduleStrategy
{
    private int _depth;

    public override bool TryChoose(List<Choice> options, in StateHash state, out Choice choice)
    {
        choice = _depth < schedule.Length ? schedule[_depth] : options[0];
        _depth++;
        return options.Contains(choice)
            ? true
            : throw new NotSupportedException($"Decision {_depth} of the schedule, \"{choice}\", is not possible: this is another program.");
    }

    public override bool Advance() => false;

    public override void Restart() => _depth = 0;
}
