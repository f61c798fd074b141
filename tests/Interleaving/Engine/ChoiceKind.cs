namespace FastBuffers.Interleaving.Engine;

/// <summary>The kinds of decisions in a schedule.</summary>
internal enum ChoiceKind : byte
{
    /// <summary>The thread does its next access and goes on to the one after.</summary>
    Run,

    /// <summary>The thread's oldest buffered store reaches memory.</summary>
    Flush,

    /// <summary>The thread never takes another step; what it has stored still reaches memory.</summary>
    Halt,

    /// <summary>The thread, which seems to spin, runs alone to show whether it does; the execution ends with that.</summary>
    Probe,
}
