namespace FastBuffers.Interleaving.Engine;

/// <summary>How far and how an exploration goes.</summary>
public sealed record ExplorerOptions
{
    /// <summary>Everything, with pruning.</summary>
    public static ExplorerOptions Default { get; } = new();

    /// <summary>Whether a state that was visited before is cut; off only to count schedules.</summary>
    public bool Prune { get; init; } = true;

    /// <summary>Whether one thread may be halted for ever at any step; the others must still finish.</summary>
    public bool HaltThreads { get; init; }

    /// <summary>The number of own steps within which a thread must finish when another is halted.</summary>
    public int OwnStepBound { get; init; } = 100;

    /// <summary>The number of switches away from a thread that could go on; null explores all.</summary>
    public int? MaxPreemptions { get; init; }

    /// <summary>The number of executions after which the exploration gives up, incomplete.</summary>
    public long MaxExecutions { get; init; } = 5_000_000;

    /// <summary>The number of steps after which an execution counts as never ending.</summary>
    public int MaxSteps { get; init; } = 2_000;

    /// <summary>
    /// The number of accesses that repeat what the thread already saw, in unchanged memory, after which it counts as waiting for a change.
    /// It is then also run alone for many more, and the exploration fails if it gets anywhere: then the limit cuts real behaviour.
    /// </summary>
    public int SpinLimit { get; init; } = 20;

    /// <summary>
    /// Whether whoever waits for others says so by <c>SpinWait</c>, so that repeated accesses mean nothing. Then what a thread has seen since
    /// memory last changed is no part of the state, which makes states equal that differ in when others wrote.
    /// </summary>
    public bool OnlyPausesWait { get; init; }

    /// <summary>Whether accesses that commute with everything are left out of the schedules (see <see cref="StepRules"/>).</summary>
    public bool Reduce { get; init; } = true;

    /// <summary>
    /// Whether of two steps that commute only one order is explored where that reaches every state (sleep sets). For explorations in which
    /// only pauses wait, without a bound on preemptions, of scenarios that can tell what their checks note.
    /// </summary>
    public bool Sleep { get; init; } = true;

    /// <summary>Random schedules instead of all: the seed, with <see cref="RandomExecutions"/>.</summary>
    public int? Seed { get; init; }

    /// <summary>The number of random schedules.</summary>
    public long RandomExecutions { get; init; } = 10_000;
}
