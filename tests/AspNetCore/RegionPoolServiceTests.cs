using Microsoft.Extensions.DependencyInjection;

namespace FastBuffers.AspNetCore.Tests;

public sealed class RegionPoolServiceTests
{
    [Fact]
    public void There_is_one_pool_which_ends_with_the_container()
    {
        RegionPool pool;
        using (ServiceProvider services = new ServiceCollection().AddRegionPool().BuildServiceProvider())
        {
            pool = services.GetRequiredService<RegionPool>();
            Assert.Same(pool, services.GetRequiredService<RegionPool>());
            pool.Rent(10).Dispose();
        }

        Assert.Throws<ObjectDisposedException>(() => pool.Rent(10));
    }

    [Fact]
    public void Options_are_set_once_when_the_pool_is_made()
    {
        int calls = 0;
        using ServiceProvider services = new ServiceCollection()
            .AddRegionPool(options =>
            {
                calls++;
                options.Name = "mine";
                options.MaxBytes = 4096;
            })
            .BuildServiceProvider();
        Assert.Equal(0, calls);

        RegionPool pool = services.GetRequiredService<RegionPool>();
        _ = services.GetRequiredService<RegionPool>();

        Assert.Equal((1, "mine"), (calls, pool.Name));
        Assert.False(pool.TryRent(4097, out _));
    }

    [Fact]
    public void Of_two_registrations_the_first_counts()
    {
        using ServiceProvider services = new ServiceCollection()
            .AddRegionPool(static options => options.Name = "first")
            .AddRegionPool(static options => options.Name = "second")
            .AddRegionPool("a", static options => options.Alignment = 128)
            .AddRegionPool("a", static _ => throw new InvalidOperationException())
            .BuildServiceProvider();

        Assert.Equal("first", Assert.Single(services.GetServices<RegionPool>()).Name);
        Assert.Equal("a", Assert.Single(services.GetKeyedServices<RegionPool>("a")).Name);
    }

    [Fact]
    public void Named_pools_are_apart_and_end_with_the_container()
    {
        RegionPool[] pools;
        using (ServiceProvider services = new ServiceCollection()
            .AddRegionPool("a").AddRegionPool("b", static options => options.MaxBytes = 4096).AddRegionPool().BuildServiceProvider())
        {
            pools =
            [
                services.GetRequiredKeyedService<RegionPool>("a"),
                services.GetRequiredKeyedService<RegionPool>("b"),
                services.GetRequiredService<RegionPool>(),
            ];
            Assert.Equal(["a", "b", "pool"], pools.Select(static pool => pool.Name));
            Assert.Null(services.GetKeyedService<RegionPool>("c"));
        }

        Assert.All(pools, static pool => Assert.Throws<ObjectDisposedException>(() => pool.Rent(10)));
    }

    [Fact]
    public void Wrong_arguments_are_refused_at_once()
    {
        var services = new ServiceCollection();

        Assert.Throws<ArgumentNullException>(() => services.AddRegionPool((Action<RegionPoolOptions>)null!));
        Assert.Throws<ArgumentNullException>(() => services.AddRegionPool("a", null!));
        Assert.Throws<ArgumentNullException>(() => services.AddRegionPool((string)null!));
        Assert.Throws<ArgumentException>(() => services.AddRegionPool(""));
        Assert.Throws<ArgumentNullException>(() => ((IServiceCollection)null!).AddRegionPool());
        Assert.Throws<ArgumentNullException>(() => ((IServiceCollection)null!).AddRegionPool("a"));
        Assert.Empty(services);
    }
}
