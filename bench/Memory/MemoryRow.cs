namespace FastBuffers.Bench.Memory;

/// <summary>A row of the gate that limits what a workload keeps of the machine's memory, in bytes and not against a peer.</summary>
/// <param name="Id">Group, dot, name, as for the rows that are timed.</param>
/// <param name="What">The workload, in words.</param>
/// <param name="Measure">Runs it once.</param>
/// <param name="Missing">Says what the row needs that this machine does not have, or null if it has all.</param>
internal sealed record MemoryRow(string Id, string What, Func<MemoryUse> Measure, Func<string?>? Missing = null);
