namespace FastBuffers.Interleaving.Engine;

/// <summary>Gives a location of a scenario its name.</summary>
/// <param name="location">The location.</param>
/// <param name="name">The name in traces.</param>
public delegate void LocationNamer(ref int location, string name);
