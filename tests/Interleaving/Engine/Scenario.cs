namespace FastBuffers.Interleaving.Engine;

/// <summary>
/// A small concurrent program. One instance runs many times: <see cref="Setup"/> must build everything anew, and <see cref="Run"/> must be
/// a function of what it reads through the shims (no time, no randomness, no state that survives an execution).
/// </summary>
public abstract class Scenario
{
    /// <summary>The number of virtual threads.</summary>
    public abstract int Threads { get; }

    /// <summary>The name in reports.</summary>
    public virtual string Name => GetType().Name;

    /// <summary>Types whose static and thread-static fields are put back to what they were before each execution.</summary>
    public virtual IEnumerable<Type> StatefulTypes => [];

    /// <summary>The exploration that runs this scenario at the moment.</summary>
    internal Exploration? Exploration { get; set; }

    /// <summary>Builds the shared state; runs on virtual thread 0 without scheduling points.</summary>
    public abstract void Setup();

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

    /// <summary>How a value of a named location reads in a trace; null for the default.</summary>
    /// <param name="location">The name.</param>
    /// <param name="bits">The value.</param>
    public virtual string? Describe(string location, long bits) => null;

    /// <summary>Names a location for traces; naming in setup also makes states equal that differ in who touched it first.</summary>
    /// <typeparam name="T">The type of the location.</typeparam>
    /// <param name="location">The location.</param>
    /// <param name="name">The name.</param>
    protected void Label<T>(ref T location, string name) => Exploration?.Label(ref location, name);

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
