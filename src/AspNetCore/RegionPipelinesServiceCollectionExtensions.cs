using System.IO.Pipelines;
using FastBuffers;
using FastBuffers.Pipelines;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.ObjectPool;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds pipes to the services of an application.</summary>
public static class RegionPipelinesServiceCollectionExtensions
{
    /// <summary>
    /// Adds an <see cref="ObjectPool{T}"/> of <see cref="RegionPipe"/>, over the application's <see cref="RegionPool"/>, or
    /// <see cref="RegionPool.Shared"/> if there is none.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="retain">Of each pipe; null for the defaults.</param>
    /// <returns><paramref name="services"/>.</returns>
    /// <remarks>A singleton, made on first demand. Does nothing if there is one already. A pipe that is returned is completed and reset.</remarks>
    /// <exception cref="ArgumentNullException"><paramref name="services"/> is null.</exception>
    public static IServiceCollection AddRegionPipelines(this IServiceCollection services, RetainOptions? retain = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.TryAddSingleton<ObjectPoolProvider, DefaultObjectPoolProvider>();
        services.TryAddSingleton(provider =>
        {
            RegionPool pool = provider.GetService<RegionPool>() ?? RegionPool.Shared;
            PipeOptions options = new(pool.AsMemoryPool(), useSynchronizationContext: false);
            return provider.GetRequiredService<ObjectPoolProvider>().Create(new RegionPipePolicy(options, retain));
        });
        return services;
    }
}
