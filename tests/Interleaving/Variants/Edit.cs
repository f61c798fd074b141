namespace FastBuffers.Interleaving.Variants;

/// <summary>A deliberate change to one file of the library.</summary>
/// <param name="File">The file's name, as in <c>Tracker.cs</c>.</param>
/// <param name="Text">The exact text to replace; it must occur exactly once.</param>
/// <param name="Replacement">What replaces it.</param>
internal sealed record Edit(string File, string Text, string Replacement);
