namespace FastBuffers.Interleaving.Engine;

/// <summary>Decides what happens next.</summary>
internal abstract class ScheduleStrategy
{
    /// <summary>Whether <see cref="TryChoose"/> looks at the state's fingerprint.</summary>
    public virtual bool NeedsState => false;

    /// <summary>Executions that were cut because their state was visited before.</summary>
    public long Cut { get; protected set; }

    /// <summary>The states that were visited, counted if states are told apart.</summary>
    public virtual long States => 0;

    /// <summary>Chooses one of <paramref name="options"/>; false ends the execution here.</summary>
    public abstract bool TryChoose(List<Choice> options, in StateHash state, out Choice choice);

    /// <summary>Tells what the step did that followed from the last choice.</summary>
    public virtual void Note(in Footprint step)
    {
    }

    /// <summary>Prepares the next execution; false when there is none.</summary>
    public abstract bool Advance();

    /// <summary>Starts over.</summary>
    public virtual void Restart()
    {
    }
}
