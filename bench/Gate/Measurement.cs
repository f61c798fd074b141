namespace FastBuffers.Bench.Gate;

/// <summary>What a row came to: nanoseconds and bytes are for one operation.</summary>
internal sealed record Measurement(Quartiles Ours, Quartiles? Peer, Quartiles? Ratio, double Bytes);
