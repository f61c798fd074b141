using FastBuffers;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds memory pools to the services of an application.</summary>
public static class RegionPoolServiceCollectionExtensions
{
    /// <summary>Adds a <see cref="RegionPool"/> with the defaults of <see cref="RegionPoolOptions"/>.</summary>
    /// <param name="services">The services.</param>
    /// <returns><paramref name="services"/>.</returns>
    /// <remarks>A singleton, made on first demand and disposed with the container. Does nothing if there is one already.</remarks>
    /// <exception cref="ArgumentNullException"><paramref name="services"/> is null.</exception>
    public static IServiceCollection AddRegionPool(this IServiceCollection services) => services.AddRegionPool(static _ => { });

    /// <summary>Adds a <see cref="RegionPool"/>.</summary>
    /// <param name="services">The services.</param>
    /// <param name="configure">Sets the options, when the pool is made.</param>
    /// <returns><paramref name="services"/>.</returns>
    /// <remarks>A singleton, made on first demand and disposed with the container. Does nothing if there is one already.</remarks>
    /// <exception cref="ArgumentNullException"><paramref name="services"/> or <paramref name="configure"/> is null.</exception>
    public static IServiceCollection AddRegionPool(this IServiceCollection services, Action<RegionPoolOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);
        services.TryAddSingleton(_ => Create(new RegionPoolOptions(), configure));
        return services;
    }

    /// <summary>Adds a named <see cref="RegionPool"/> with the defaults of <see cref="RegionPoolOptions"/>.</summary>
    /// <param name="services">The services.</param>
    /// <param name="name">The key of the service, and the pool's name in metrics, events and messages.</param>
    /// <returns><paramref name="services"/>.</returns>
    /// <remarks>
    /// A keyed singleton, made on first demand and disposed with the container. Does nothing if there is one of that name already.
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="services"/> or <paramref name="name"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="name"/> is empty.</exception>
    public static IServiceCollection AddRegionPool(this IServiceCollection services, string name) =>
        services.AddRegionPool(name, static _ => { });

    /// <summary>Adds a named <see cref="RegionPool"/>.</summary>
    /// <param name="services">The services.</param>
    /// <param name="name">The key of the service, and the pool's name in metrics, events and messages.</param>
    /// <param name="configure">Sets the options, when the pool is made.</param>
    /// <returns><paramref name="services"/>.</returns>
    /// <remarks>
    /// A keyed singleton, made on first demand and disposed with the container. Does nothing if there is one of that name already.
    /// </remarks>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="name"/> is empty.</exception>
    public static IServiceCollection AddRegionPool(this IServiceCollection services, string name, Action<RegionPoolOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(configure);
        services.TryAddKeyedSingleton(name, (_, _) => Create(new RegionPoolOptions { Name = name }, configure));
        return services;
    }

    private static RegionPool Create(RegionPoolOptions options, Action<RegionPoolOptions> configure)
    {
        configure(options);
        return new RegionPool(options);
    }
}
