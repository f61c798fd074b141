namespace FastBuffers.Interleaving.Engine;

/// <summary>How an access is treated at the moment.</summary>
internal enum ExecutionMode : byte
{
    /// <summary>The scenario builds its state: accesses are direct and give locations their labels.</summary>
    Setup,

    /// <summary>Every access is a scheduling point.</summary>
    Explore,

    /// <summary>An invariant looks at the raw state: accesses are direct and leave no trace.</summary>
    Observe,

    /// <summary>The execution is decided; threads run to their ends without control so that their stacks unwind.</summary>
    Free,

    /// <summary>As <see cref="Free"/>, but some thread does not end: the next access throws.</summary>
    Abort,
}
