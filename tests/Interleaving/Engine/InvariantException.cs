namespace FastBuffers.Interleaving.Engine;

/// <summary>A check of a scenario does not hold.</summary>
#pragma warning disable CA1032 // Made in one place.
public sealed class InvariantException(string message) : Exception(message);
