namespace FastBuffers.Interleaving.Engine;

/// <summary>A store that its own thread sees and no other does yet.</summary>
internal readonly record struct BufferedStore(int Location, Cell Value);
