using FastBuffers.Tests.Infrastructure;

namespace FastBuffers.Tests.Pooling.Model;

/// <summary>A pool, and a program on it.</summary>
/// <param name="MaxBytes">The limit.</param>
/// <param name="Clear">When bytes are cleared.</param>
/// <param name="Backing">What the blocks are made of.</param>
/// <param name="Detection">What is recorded.</param>
/// <param name="Alignment">That of each rental.</param>
/// <param name="Idles">Whether idle memory goes back in time.</param>
/// <param name="EndsFirst">Whether the pool is disposed, at the end, before what is out is returned.</param>
/// <param name="Steps">The program.</param>
public sealed record PoolCase(
    long MaxBytes,
    PoolClearing Clear,
    PoolBacking Backing,
    LeakDetectionLevel Detection,
    int Alignment,
    bool Idles,
    bool EndsFirst,
    PoolStep[] Steps)
{
    internal static readonly TimeSpan IdleTrim = TimeSpan.FromSeconds(8);

    internal RegionPool Create(ManualTime time) => new(new()
    {
        MaxBytes = MaxBytes,
        Clear = Clear,
        Backing = Backing,
        LeakDetection = Detection,
        Alignment = Alignment,
        IdleTrim = Idles ? IdleTrim : Timeout.InfiniteTimeSpan,
        TimeProvider = time,
    });
}
