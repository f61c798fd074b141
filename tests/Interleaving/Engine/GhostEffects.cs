namespace FastBuffers.Interleaving.Engine;

/// <summary>What the checks of a scenario have noted of a step, as far as its order with another thread's step matters to them.</summary>
[Flags]
public enum GhostEffects
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Which calls had ended when a call began.</summary>
    Began = 1,

    /// <summary>That a call has ended.</summary>
    Ended = 2,

    /// <summary>It is not known what: no step may change places with this one.</summary>
    All = 4,
}
