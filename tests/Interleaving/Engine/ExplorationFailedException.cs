namespace FastBuffers.Interleaving.Engine;

/// <summary>An exploration found a failing schedule or did not end.</summary>
#pragma warning disable CA1032 // Made in one place.
public sealed class ExplorationFailedException(string message, Exception? cause) : Exception(message, cause);
