namespace FastBuffers.Interleaving.Engine;

/// <summary>Unwinds a virtual thread that would otherwise spin for ever after its execution was decided.</summary>
#pragma warning disable CA1032 // Thrown in one place, caught in one place.
internal sealed class ExecutionAbortedException() : Exception("The execution is over.");
