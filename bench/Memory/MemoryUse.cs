namespace FastBuffers.Bench.Memory;

/// <summary>Bytes that were used, the most that may be, and what the limit was worked out from.</summary>
internal readonly record struct MemoryUse(long Bytes, long Limit, string Basis);
