namespace FastBuffers;

/// <summary>One of the leases that <see cref="RegionLocks"/> is to take.</summary>
/// <param name="Exporter">A <see cref="Region"/> or <see cref="RegionSlice"/>.</param>
/// <param name="Kind">One of the four kinds.</param>
public readonly record struct HoldRequest(IBufferExporter Exporter, HoldKind Kind);
