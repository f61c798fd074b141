using Microsoft.Extensions.ObjectPool;

namespace FastBuffers.Pipelines;

/// <summary>Pipes for an object pool. A pipe that comes back is completed and reset: what was in it is dropped, what was retained stays.</summary>
/// <param name="options">Of each pipe; null for the defaults.</param>
/// <param name="retain">Of each pipe; null for the defaults.</param>
public sealed class RegionPipePolicy(PipeOptions? options = null, RetainOptions? retain = null) : PooledObjectPolicy<RegionPipe>
{
    /// <inheritdoc/>
    public override RegionPipe Create() => new(options, retain);

    /// <inheritdoc/>
    /// <exception cref="ArgumentNullException"><paramref name="obj"/> is null.</exception>
    public override bool Return(RegionPipe obj)
    {
        ArgumentNullException.ThrowIfNull(obj);
        obj.Writer.Complete();
        obj.Reader.Complete();
        obj.Reset();
        return true;
    }
}
