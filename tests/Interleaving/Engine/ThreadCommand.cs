namespace FastBuffers.Interleaving.Engine;

/// <summary>What a virtual thread does when it gets its turn outside of the scenario's code.</summary>
internal enum ThreadCommand : byte
{
    /// <summary>Build the state of the next execution and take its first decision.</summary>
    Setup,

    /// <summary>Run the scenario's program.</summary>
    Run,

    /// <summary>End the operating-system thread.</summary>
    Exit,
}
