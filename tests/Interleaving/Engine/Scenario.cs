namespace FastBuffers.Interleaving.Engine;

/// <summary>
/// A small concurrent program. One instance runs many times: <see cref="Setup"/> must build everything anew, and <see cref="Run"/> must be
/// a function of what it reads through the shims (no time, no randomness, no state that survives an execution).
/// </summary>
public abstract class Scenario
{
    private readonly HashSet<string> _witnessed = [];

    /// <summary>The number of virtual threads.</summary>
    public abstract int Threads { get; }

    /// <summary>The name in reports.</summary>
    public virtual string Name => GetType().Name;

    /// <summary>Types whose static and thread-static fields are put back to what they were before each execution.</summary>
    public virtual IEnumerable<Type> StatefulTypes => [];

    /// <summary>What was seen in any execution: a promise about a case says nothing if the case never came.</summary>
    public IReadOnlySet<string> Witnessed => _witnessed;

    /// <summary>The exploration that runs this scenario at the moment.</summary>
    internal Exploration? Exploration { get; set; }

    /// <summary>Builds the shared state; runs on virtual thread 0 without scheduling points.</summary>
    public abstract void Setup();

    /// <summary>Fills the caches of one virtual thread before its first step, without scheduling points.</summary>
    /// <param name="thread">Its index.</param>
    public virtual void PrepareThread(int thread)
    {
    }

    /// <summary>The program of one virtual thread.</summary>
    /// <param name="thread">Its index.</param>
    public abstract void Run(int thread);

    /// <summary>Checks the raw state between any two steps; throws on a violation.</summary>
    public virtual void CheckStep()
    {
    }

    /// <summary>Checks the raw state after all threads have finished and all stores are in memory; throws on a violation.</summary>
    public virtual void CheckEnd()
    {
    }

    /// <summary>
    /// Adds what the checks remember and what is neither in a shared location nor a function of one thread's own history: with it missing,
    /// two states that the checks judge differently would count as one.
    /// </summary>
    /// <param name="state">Where to add it.</param>
    public virtual void AddGhost(ref StateHash state)
    {
    }

    /// <summary>
    /// What the checks have noted since this was last asked, which is once a step: steps whose order they do not tell apart, and of which
    /// none sees what the other did, are explored in one order. By default they tell everything apart.
    /// </summary>
    public virtual GhostEffects TakeGhostEffects() => GhostEffects.All;

    /// <summary>How a value of a named location reads in a trace; null for the default.</summary>
    /// <param name="location">The name.</param>
    /// <param name="bits">The value.</param>
    public virtual string? Describe(string location, long bits) => null;

    /// <summary>Names a location for traces; naming in setup also makes states equal that differ in who touched it first.</summary>
    /// <typeparam name="T">The type of the location.</typeparam>
    /// <param name="location">The location.</param>
    /// <param name="name">The name.</param>
    protected void Label<T>(ref T location, string name) => Exploration?.Label(ref location, name);

    /// <summary>
    /// Names the word of a lock: odd while held, taken by a locked instruction and left by a store. What only its holders access is then
    /// left out of the schedules.
    /// </summary>
    /// <typeparam name="T">The type of the location.</typeparam>
    /// <param name="location">The location.</param>
    /// <param name="name">The name in traces.</param>
    protected void LabelLock<T>(ref T location, string name) => Exploration?.LabelLock(ref location, name);

    /// <summary>Names locations that only the code under test can reach: those that it touches for the first time.</summary>
    /// <param name="touch">Touches them; in setup only.</param>
    /// <param name="names">Their names in the order of the accesses.</param>
    protected void LabelTouched(Action touch, params string[] names)
    {
        ArgumentNullException.ThrowIfNull(touch);
        if (Exploration is null)
        {
            touch();
        }
        else
        {
            Exploration.LabelTouched(touch, names);
        }
    }

    /// <summary>Does what is no part of the program, in preparation: its accesses get no labels.</summary>
    /// <param name="action">What to do.</param>
    protected void Untracked(Action action)
    {
        ArgumentNullException.ThrowIfNull(action);
        if (Exploration is null)
        {
            action();
        }
        else
        {
            Exploration.Untracked(action);
        }
    }

    /// <summary>
    /// The number of steps a thread has taken. Its own code between two accesses runs early, with the step before, so something counts
    /// as begun by a call only when this has risen since.
    /// </summary>
    /// <param name="thread">Its index.</param>
    protected int StepsOf(int thread) => Exploration?.StepsOf(thread) ?? 0;

    /// <summary>
    /// Tells that all a thread still knows is in <paramref name="summary"/>: its place in the program, the values it will use, what the
    /// checks will ask of it. States that differ only in what was forgotten then count as one, which is what makes longer programs
    /// feasible. Called by the thread itself, between two operations.
    /// </summary>
    /// <param name="thread">Its index.</param>
    /// <param name="summary">The summary.</param>
    protected void Forget(int thread, in StateHash summary) => Exploration?.Forget(thread, summary);

    /// <summary>The number of stores a thread has done in this execution.</summary>
    /// <param name="thread">Its index.</param>
    protected int StoresOf(int thread) => Exploration?.StoresOf(thread) ?? 0;

    /// <summary>The number of those that have reached memory.</summary>
    /// <param name="thread">Its index.</param>
    protected int FlushesOf(int thread) => Exploration?.FlushesOf(thread) ?? 0;

    /// <summary>Notes that something was seen.</summary>
    /// <param name="what">What.</param>
    protected void Witness(string what) => _witnessed.Add(what);

    /// <summary>Throws when <paramref name="condition"/> is false.</summary>
    /// <param name="condition">What must hold.</param>
    /// <param name="message">What it means that it does not.</param>
    protected static void Require(bool condition, string message)
    {
        if (!condition)
        {
            throw new InvariantException(message);
        }
    }
}
