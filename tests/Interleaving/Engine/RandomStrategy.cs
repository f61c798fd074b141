namespace FastBuffers.Interleaving.Engine;

/// <summary>Random schedules, reproducible by their seed, for programs too big to exhaust.</summary>
#pragma warning disable CA5394 // Schedules are no secrets.
internal sealed class RandomStrategy(int seed, long executions) : ScheduleStrategy
{
    private readonly int _seed = seed;
    private readonly long _executions = executions;
    private Random _random = new(seed);
    private long _left = executions;

    public override bool TryChoose(List<Choice> options, in StateHash state, out Choice choice)
    {
        // Going on with the same thread half of the time reaches deeper states than an even choice at every step does.
        choice = options.Count > 1 && _random.Next(2) == 0 ? options[0] : options[_random.Next(options.Count)];
        return true;
    }

    public override bool Advance() => --_left > 0;

    public override void Restart()
    {
        _random = new Random(_seed);
        _left = _executions;
    }
}
