using System.Buffers;
using System.IO.Pipelines;
using FastBuffers.Pipelines;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.ObjectPool;

namespace FastBuffers.AspNetCore.Tests;

public sealed class RegionPipelinesServiceTests
{
    [Fact]
    public void Pipes_are_used_again_and_rent_from_the_pool_of_the_application()
    {
        using ServiceProvider services = new ServiceCollection().AddRegionPool().AddRegionPipelines().BuildServiceProvider();
        RegionPool memory = services.GetRequiredService<RegionPool>();
        ObjectPool<RegionPipe> pipes = services.GetRequiredService<ObjectPool<RegionPipe>>();
        Assert.Same(pipes, services.GetRequiredService<ObjectPool<RegionPipe>>());

        RegionPipe pipe = pipes.Get();
        pipe.Writer.Write<byte>([1, 2, 3]);
        Assert.Equal(1, memory.Statistics.Rents);
        pipes.Return(pipe);
        Assert.Equal(1, memory.Statistics.Returns);

        RegionPipe again = pipes.Get();
        Assert.Same(pipe, again);
        Assert.False(again.Reader.TryRead(out _));
        again.Writer.Write<byte>([4]);
        again.Writer.Complete();
        Assert.True(again.Reader.TryRead(out ReadResult result));
        Assert.Equal([4], result.Buffer.ToArray());
        pipes.Return(again);
    }

    [Fact]
    public void Without_a_pool_it_is_the_shared_one()
    {
        using ServiceProvider services = new ServiceCollection().AddRegionPipelines(new RetainOptions { CopyBelow = 0 }).BuildServiceProvider();
        ObjectPool<RegionPipe> pipes = services.GetRequiredService<ObjectPool<RegionPipe>>();
        RegionPipe pipe = pipes.Get();
        pipe.Writer.Write<byte>([1]);
        pipes.Return(pipe);
    }

    [Fact]
    public void Services_are_not_null() =>
        Assert.Throws<ArgumentNullException>(() => RegionPipelinesServiceCollectionExtensions.AddRegionPipelines(null!));
}
